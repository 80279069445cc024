import { createMemoryKeyValue } from '@wardline/key-value';
import { createDialPlaces, PLACE_TTL_MS, type DialLimits } from './dial-places.ts';

const roomy: DialLimits = { callsMax: 100, callsPerTenantMax: 100, callsPerSecondMax: 100 };
let now = 0;
const place = (limits: Partial<DialLimits>) =>
  createDialPlaces(createMemoryKeyValue({ now: () => now }), { ...roomy, ...limits });
const call = (attemptId: string, tenantId = 'a') => ({ tenantId, attemptId });

beforeEach(() => {
  now = 1_000_000;
});

describe('the places of calls that we make', () => {
  it('are so many of one hospital, whatever the others do', async () => {
    const places = place({ callsPerTenantMax: 2 });
    expect(await places.take(call('1'))).toBe('taken');
    expect(await places.take(call('2'))).toBe('taken');
    expect(await places.take(call('3'))).toBe('tenant-busy');
    expect(await places.take(call('4', 'b'))).toBe('taken');
    await places.release(call('1'));
    expect(await places.take(call('3'))).toBe('taken');
  });

  it('are so many of all hospitals, and a refusal leaves nothing taken', async () => {
    const places = place({ callsMax: 1, callsPerTenantMax: 1 });
    expect(await places.take(call('1'))).toBe('taken');
    expect(await places.take(call('2', 'b'))).toBe('all-busy');
    await places.release(call('1'));
    expect(await places.take(call('3', 'b'))).toBe('taken');
  });

  it('let at most so many begin within any second, however they fall', async () => {
    const places = place({ callsPerSecondMax: 2 });
    const begun: number[] = [];
    for (let attempt = 0; begun.length < 12; attempt += 1) {
      if ((await places.take(call(String(attempt)))) === 'taken') begun.push(now);
      now += 70;
    }
    for (const at of begun) {
      expect(begun.filter((other) => other >= at && other < at + 1_000).length).toBeLessThanOrEqual(2);
    }
    // And it is not much less than what the carrier allows.
    expect((begun.at(-1) ?? 0) - (begun[0] ?? 0)).toBeLessThan(6_500);
  });

  it('do not come back to the second in which the carrier has counted a call', async () => {
    const places = place({ callsPerSecondMax: 1 });
    await places.take(call('1'));
    await places.release(call('1'));
    expect(await places.take(call('2'))).toBe('too-fast');
    now += 1_000;
    expect(await places.take(call('2'))).toBe('taken');
    await places.giveBack(call('2'));
    expect(await places.take(call('3'))).toBe('taken');
  });

  it('end when nobody holds on to them, and last when somebody does', async () => {
    const places = place({ callsMax: 2 });
    await places.take(call('lost'));
    await places.take(call('living'));
    now += PLACE_TTL_MS - 1;
    await places.keep(call('living'));
    expect(await places.take(call('next'))).toBe('all-busy');
    now += 1;
    expect(await places.take(call('next'))).toBe('taken');
    expect(await places.take(call('third'))).toBe('all-busy');
  });
});
