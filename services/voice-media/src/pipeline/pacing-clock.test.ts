import { systemClock } from '../ports/clock.ts';
import { PacingClock } from './pacing-clock.ts';

it('ticks on an absolute schedule: a slow tick shifts no later one', async () => {
  const lags: number[] = [];
  const ticks: number[] = [];
  const pacing = new PacingClock({ clock: systemClock, onLag: (lag) => lags.push(lag) });
  const { promise, resolve } = Promise.withResolvers<void>();
  const paced = {
    onTick(now: number) {
      ticks.push(now);
      // One tick that takes longer than two and a half intervals.
      if (ticks.length === 3) while (performance.now() < now + 50);
      if (ticks.length === 12) resolve();
    },
  };
  pacing.add(paced);
  await promise;
  pacing.remove(paced);
  // Without its lag each tick stands at a multiple of 20 ms after the first, however busy the machine is.
  const due = ticks.map((tick, index) => tick - (lags[index] ?? 0));
  for (const at of due) {
    const places = (at - (due[0] ?? 0)) / 20;
    // Timers may fire up to a millisecond early, which counts as no lag.
    expect(Math.abs(places - Math.round(places)) * 20).toBeLessThan(3);
  }
  expect(due.at(-1)).toBeGreaterThanOrEqual((due[0] ?? 0) + 11 * 20);
});

it('stands still without calls', () => {
  const pacing = new PacingClock({ clock: systemClock, onLag: () => undefined });
  const paced = { onTick: () => undefined };
  pacing.add(paced);
  pacing.remove(paced);
  // A timer that were left would keep this process alive and Jest would say so.
  pacing.remove(paced);
});
