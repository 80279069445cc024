import { parseOptions } from './options.ts';

it('has defaults for everything', () => {
  expect(parseOptions([], 1_234)).toMatchObject({
    ...{ seconds: 45, bus: 'kafka', brokers: 3, plant: undefined, seed: 1_234, json: false },
  });
});

it('takes minutes as well', () => {
  expect(parseOptions(['--minutes', '3'])).toMatchObject({ seconds: 180 });
});

it.each([
  [['--bus', 'nats'], '--bus is kafka or postgres'],
  [['--plant', 'nothing'], '--plant is one of inbox-off, commit-first, relay-by-id'],
  [['--seconds', '0'], '--seconds is a number above 0'],
  [['--brokers', '2'], '--brokers is 1 or 3'],
])('refuses %j', (args, problem) => {
  expect(() => parseOptions(args)).toThrow(problem);
});
