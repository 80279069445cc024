import { otherTenant } from '../testing/gateway-bench.ts';
import { tick, useDiallingBench } from '../testing/use-dialling-bench.ts';
import { PLACE_TTL_MS } from './dial-places.ts';

const dialling = useDiallingBench();
const { pass, queue, dialRow, dialsOf, legOf, answer, hangUp } = dialling;

describe('places', () => {
  it('of a hospital are so many, and the next one is dialled when one is free', async () => {
    const dialled = [await queue(), await queue()];
    const waits = await queue();
    await pass(5 * tick);
    expect(dialsOf(waits)).toEqual([]);
    expect(dialling.bench.authority.asked).not.toContain(waits);
    await hangUp(dialled[0] ?? '', 'no_answer');
    await pass(tick);
    expect(dialsOf(waits)).toHaveLength(1);
  });

  it('of all hospitals are so many', async () => {
    const [first] = [await queue(), await queue()];
    const other = await queue({ tenant: otherTenant });
    expect(dialsOf(other)).toHaveLength(1);
    const waits = await queue({ tenant: otherTenant });
    await pass(tick);
    expect(dialsOf(waits)).toEqual([]);
    await hangUp(first, 'user_busy');
    await pass(tick);
    expect(dialsOf(waits)).toHaveLength(1);
  });

  it('are held as long as the call lasts, also when who made it has been killed', async () => {
    for (const attemptId of [await queue(), await queue()]) await answer(attemptId);
    await dialling.bench.crash();
    dialling.bench.clock.advance(5_000);
    await dialling.bench.boot();
    const waits = await queue({ inMs: 600_000 });
    await pass(2 * PLACE_TTL_MS);
    expect(await dialRow(waits)).toMatchObject({ state: 'waiting' });
    expect(dialsOf(waits)).toEqual([]);
  });

  it('come back when who held them was killed and the calls have ended meanwhile', async () => {
    const [first, second] = [await queue(), await queue()];
    await dialling.bench.crash();
    for (const attemptId of [first, second]) dialling.bench.carrier.end(legOf(attemptId));
    await dialling.bench.admin.query(
      `update telephony.calls set state = 'failed', ended_at = now(), next_check_at = null, wake_at = null where attempt_id = any($1)`,
      [[first, second]],
    );
    await dialling.bench.boot();
    const waits = await queue();
    expect(dialsOf(waits)).toEqual([]);
    await pass(PLACE_TTL_MS);
    await pass(tick);
    expect(dialsOf(waits)).toHaveLength(1);
  });

  it('that cannot be counted are not taken', async () => {
    const { acquirePermit } = dialling.bench.keyValue;
    dialling.bench.keyValue.acquirePermit = () => Promise.reject(new Error('away'));
    const attemptId = await queue();
    await pass(2_000);
    expect(dialsOf(attemptId)).toEqual([]);
    dialling.bench.keyValue.acquirePermit = acquirePermit;
    await pass(1_000);
    expect(dialsOf(attemptId)).toHaveLength(1);
  });
});
