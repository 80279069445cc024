import { createRecordingLogger } from '@wardline/observability/testing';
import { createEgressSweeper } from './sweep-egress.ts';

const none = { events: 0, deliveries: 0 };

it('sweeps part after part until little is left, and goes on after a failure', async () => {
  const answers = [
    { events: 5_000, deliveries: 0 },
    { events: 3, deliveries: 5_000 },
    { events: 0, deliveries: 1 },
    new Error('the database is away'),
    none,
  ];
  let sweeps = 0;
  let swept: () => void;
  const all = new Promise<void>((resolve) => (swept = resolve));
  const sweeper = createEgressSweeper({
    log: {
      sweep: async () => {
        const answer = answers[sweeps++];
        if (sweeps === answers.length) swept();
        if (answer instanceof Error) throw answer;
        return answer ?? none;
      },
    },
    logger: createRecordingLogger('api-gateway'),
    everyMs: 1,
  });
  await sweeper.start();
  await all;
  await sweeper.close();
  const atClose = sweeps;
  await sweeper.close();
  expect(sweeps).toBe(atClose);
});
