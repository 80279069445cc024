import { describeEventBus, FakeEventBus } from './index.ts';

describeEventBus('fake', async () => {
  const bus = new FakeEventBus({ attemptsMax: 3 });
  return {
    bus,
    attemptsMax: 3,
    publish: async (...events) => {
      for (const event of events) bus.publish(event);
    },
    deadLetters: async () =>
      bus.deadLetters.map(({ id, group, event, reason }) => ({ id, group, eventId: event.id, reason })),
    release: async (id, how) => bus.release(id, how),
    stop: async () => undefined,
  };
});
