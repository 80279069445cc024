export { FakeEventBus, type FakeDeadLetter } from './fake-event-bus.ts';
export { publishOutbox } from './publish-outbox.ts';
export { describeEventBus, type EventBusHarness } from './conformance.ts';
