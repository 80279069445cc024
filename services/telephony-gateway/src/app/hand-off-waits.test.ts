import { createManualClock } from '../testing/manual-clock.ts';
import { createHandOffWaits } from './hand-off-waits.ts';

const pollMs = 500;

/** A wait whose looks are counted; what it sees is put in by the test. */
function waiting() {
  const clock = createManualClock();
  const waits = createHandOffWaits({ clock, pollMs });
  const scope = new AbortController();
  const seen = { value: undefined as string | undefined, looks: 0, onLook: () => {} };
  const look = async () => {
    seen.looks += 1;
    const { value } = seen;
    seen.onLook();
    return value;
  };
  const answer = waits.until('call', look, scope.signal).catch((error: Error) => error.name);
  /** Until the wait has looked this often. */
  const looked = async (times: number) => {
    while (seen.looks < times) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { clock, waits, scope, seen, answer, looked };
}

describe('a request that waits', () => {
  it('answers at once when it is woken, and is not woken by another call', async () => {
    const { waits, seen, answer, looked } = waiting();
    await looked(1);
    waits.wake('another');
    await looked(1);
    expect(seen.looks).toBe(1);
    seen.value = 'taken';
    waits.wake('call');
    expect(await answer).toBe('taken');
  });

  it('sees by itself what another instance has stored, soon after', async () => {
    const { clock, seen, answer, looked } = waiting();
    await looked(1);
    seen.value = 'taken';
    clock.advance(pollMs - 1);
    await looked(1);
    expect(seen.looks).toBe(1);
    clock.advance(1);
    expect(await answer).toBe('taken');
  });

  it('misses no word that comes while it looks', async () => {
    const { waits, seen, answer, looked } = waiting();
    await looked(1);
    // The look reads what was before; the change and its wake come before it has returned.
    seen.onLook = () => {
      seen.onLook = () => {};
      seen.value = 'taken';
      waits.wake('call');
    };
    waits.wake('call');
    expect(await answer).toBe('taken');
  });

  it('ends with whoever asked, and with its process', async () => {
    const asked = waiting();
    await asked.looked(1);
    asked.scope.abort();
    expect(await asked.answer).toBe('AbortError');
    const process = waiting();
    await process.looked(1);
    await process.waits.drain?.();
    expect(await process.answer).toBe('WaitEnded');
    const late = process.waits.until('call', async () => undefined, new AbortController().signal);
    await expect(late).rejects.toMatchObject({ name: 'WaitEnded' });
  });
});
