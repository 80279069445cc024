import { demo, patients } from '@wardline/contracts';
import { uuidv7 } from '@wardline/event-bus';
import fc from 'fast-check';
import { startPatients, type RunningPatients } from '../testing/index.ts';

// Others decide from events whom they call; this holds what they can know from them against what the ledger answers. A
// blocked person or number that the events do not show would be called.

const [riverside] = demo.clinics;
let run: RunningPatients;
beforeAll(async () => {
  run = await startPatients();
});
afterAll(() => run?.stop());

interface Told {
  numberKeys: string[];
  blockedNumberKeys: string[];
  outreachAllowed: boolean;
}

const person = fc.constantFrom('ana', 'ben', 'cleo');
const number = fc.constantFrom('+12025550141', '+12025550142', '+12025550143');
const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('register' as const), person, number }),
    fc.record({
      kind: fc.constantFrom('opt-out' as const, 'opt-in' as const),
      person: fc.option(person, { nil: undefined }),
      number: fc.option(number, { nil: undefined }),
    }),
  ),
  { minLength: 4, maxLength: 12 },
);
type Step = typeof steps extends fc.Arbitrary<(infer S)[]> ? S : never;

/** The numbers of all three, and the people of one run, who share none with another run's. */
async function play(tenantId: string, all: readonly Step[]) {
  const rpc = run.as(tenantId);
  const ids = new Map<string, string>();
  for (const step of all) {
    if (step.kind === 'register') {
      const rows = [{ externalId: step.person, name: step.person, number: step.number }];
      ids.set(step.person, (await rpc.registerPatients({ patients: rows })).patientIds[0]!);
      continue;
    }
    const patientId = step.person && ids.get(step.person);
    if (!patientId && !step.number) continue;
    await rpc.recordConsent({
      ...(patientId ? { patientId } : {}),
      ...(step.number ? { number: step.number } : {}),
      change: patients.ConsentChange[step.kind === 'opt-out' ? 'OPTED_OUT' : 'OPTED_IN'],
      source: 'voice',
      idempotencyKey: uuidv7(),
    });
  }
  return [...ids.values()];
}

it('lets a reader of the newest events decide as the ledger does', async () => {
  const numbers = ['+12025550141', '+12025550142', '+12025550143'];
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const tenantId = uuidv7();
      const people = await play(tenantId, all);
      const newest = new Map((await run.relay()).map(({ key, data }) => [key, data as unknown as Told]));
      const told = [...newest.values()];
      const keyOf = (e164: string) => run.cipher.blindIndex(tenantId, e164, 'patient-number');
      const callees = [undefined, ...people].flatMap((patientId) =>
        numbers.map((e164) => ({ ...(patientId ? { patientId } : {}), number: e164 })),
      );
      const { allowed } = await run.as(tenantId).checkOutreach({ callees });
      expect(
        callees.map(
          ({ patientId, number: e164 }) =>
            (patientId === undefined || newest.get(patientId)?.outreachAllowed !== false) &&
            !told.some(({ blockedNumberKeys }) => blockedNumberKeys.includes(keyOf(e164))),
        ),
      ).toEqual(allowed);
      // One who looks only at the events of the people at a number reads the same there: they agree about it.
      for (const key of numbers.map(keyOf)) {
        const holders = told.filter(({ numberKeys }) => numberKeys.includes(key));
        const says = new Set(holders.map(({ blockedNumberKeys }) => blockedNumberKeys.includes(key)));
        expect(says.size).toBeLessThanOrEqual(1);
      }
    }),
    { numRuns: 25 },
  );
}, 120_000);

it('keeps a number blocked whoever is registered there later', async () => {
  const rpc = run.as(riverside.tenantId);
  const e164 = '+12025550144';
  await rpc.recordConsent({
    number: e164,
    change: patients.ConsentChange.OPTED_OUT,
    source: 'keypad',
    idempotencyKey: uuidv7(),
  });
  const { patientIds } = await rpc.registerPatients({ patients: [{ name: 'Dora', number: e164 }] });
  const callees = [{ patientId: patientIds[0]!, number: e164 }];
  expect((await rpc.checkOutreach({ callees })).allowed).toEqual([false]);
});
