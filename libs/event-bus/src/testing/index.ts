export { FakeEventBus, type FakeDeadLetter } from './fake-event-bus.ts';
export { describeEventBus, type EventBusHarness } from './conformance.ts';
