/**
 * Measures, in real Node against a real database: `node services/appointments/src/testing/measure-bookings.ts [bookings]`.
 * Bookings of different slots over RPC at several concurrencies, then 200 callers for one slot. Client, service and
 * database share the machine, so these are figures of all three together.
 */
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { ConnectError } from '@connectrpc/connect';
import { demo, type appointments } from '@wardline/contracts';
import { startAppointments } from './start-appointments.ts';

const count = Number(process.argv[2] ?? 1500);
const app = await startAppointments({ deadlineMs: 60_000 });
const [riverside] = demo.clinics;
const us = app.as(riverside.tenantId);
const slots: appointments.Slot[] = [];
for (let day = 1; slots.length < count * 3 + 300; day += 7) {
  const fromMs = Date.now() + day * 86_400_000;
  const found = await us.findSlots({
    clinicId: riverside.clinicId,
    from: timestampFromMs(fromMs),
    to: timestampFromMs(fromMs + 7 * 86_400_000),
    limit: 500,
  });
  slots.push(...found.slots);
}
let next = 0;
const repeats = () =>
  app.logger.lines.filter((l) => l.message === 'transaction repeated after a conflict').length;
const say = (line: string) => process.stdout.write(`${line}\n`);
const quantile = (sorted: number[], q: number) =>
  (sorted[Math.floor((sorted.length - 1) * q)] ?? 0).toFixed(1);

async function run(
  name: string,
  bookings: number,
  concurrency: number,
  same?: (typeof slots)[number],
): Promise<void> {
  const times: number[] = [];
  const outcomes = new Map<string, number>();
  let left = bookings;
  const repeatsBefore = repeats();
  const cpuBefore = process.cpuUsage();
  const began = performance.now();
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (left-- > 0) {
        const slot = same ?? slots[next++]!;
        const at = performance.now();
        let outcome = 'booked';
        try {
          await us.bookAppointment({
            clinicId: riverside.clinicId,
            doctorId: slot.doctorId,
            start: slot.start!,
            patient: { name: 'Maria Lopez', phone: '+12025550143' },
            idempotencyKey: crypto.randomUUID(),
          });
        } catch (error) {
          outcome = ConnectError.from(error).message;
        }
        times.push(performance.now() - at);
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      }
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  const cpu = process.cpuUsage(cpuBefore);
  const cpuMs = (cpu.user + cpu.system) / 1000 / bookings;
  times.sort((a, b) => a - b);
  const tally = [...outcomes].map(([outcome, n]) => `${n} ${outcome}`).join(', ');
  say(
    `${name}: ${(bookings / seconds).toFixed(0)}/s, p50 ${quantile(times, 0.5)} ms, p95 ${quantile(times, 0.95)} ms, ` +
      `p99 ${quantile(times, 0.99)} ms, ` +
      `${cpuMs.toFixed(1)} ms of this process's CPU each, ${repeats() - repeatsBefore} transactions repeated (${tally})`,
  );
}

await run('warm-up', 200, 8);
await run('1 at a time', Math.ceil(count / 5), 1);
await run('8 at a time', count, 8);
await run('200 at a time', count, 200);
await run('200 for one slot', 200, 200, slots[next++]);
await app.stop();
