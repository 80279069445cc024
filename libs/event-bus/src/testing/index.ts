export { FakeEventBus, type FakeDeadLetter } from './fake-event-bus.ts';
