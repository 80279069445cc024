import { demo } from '@wardline/contracts';
import { startPatients } from './start-patients.ts';

// How long batches of 1,000 rows take, into a register that grows: new people, the same again, and asking for permission.
const BATCHES = 20;
const [riverside] = demo.clinics;
const run = await startPatients();
const rpc = run.as(riverside.tenantId);

const batchOf = (batch: number) =>
  Array.from({ length: 1_000 }, (_, n) => ({
    externalId: n % 2 === 0 ? `MRN-${batch}-${n}` : '',
    name: `Given${n} Middle Family${batch}`,
    // Two people to a number.
    number: `+1202555${String(batch * 500 + (n >> 1)).padStart(6, '0')}`,
  }));

const timed = async (what: string, work: (batch: number) => Promise<unknown>) => {
  const ms: number[] = [];
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const from = performance.now();
    await work(batch);
    ms.push(performance.now() - from);
  }
  ms.sort((a, b) => a - b);
  const at = (p: number) => Math.round(ms[Math.ceil(p * ms.length) - 1] ?? 0);
  process.stdout.write(`${what}: p50 ${at(0.5)} ms, max ${at(1)} ms per 1,000\n`);
};

try {
  const ids: string[][] = [];
  await timed('register, new', async (batch) => {
    ids[batch] = (await rpc.registerPatients({ patients: batchOf(batch) })).patientIds;
  });
  await timed('register, again', (batch) => rpc.registerPatients({ patients: batchOf(batch) }));
  await timed('check outreach', (batch) =>
    rpc.checkOutreach({
      callees: batchOf(batch).map(({ number }, n) => ({ number, patientId: ids[batch]?.[n] ?? '' })),
    }),
  );
} finally {
  await run.stop();
}
