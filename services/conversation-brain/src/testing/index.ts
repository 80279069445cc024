export { aClinic, brown, miller, sharma, slotAt } from './clinic.ts';
export { Talk, type TalkOptions } from './talk.ts';
export { FakeAppointmentBook } from './fake-appointment-book.ts';
export { FakeCallDesk } from './fake-call-desk.ts';
export { FakeClinicDirectory, FakeLiveView, MemoryConversationStore } from './fakes.ts';
export {
  aScript,
  callingClinic,
  FakeCampaignDesk,
  FakeConsentLedger,
  FakeFlowLibrary,
  flowOf,
  readyFlow,
} from './fake-outreach.ts';
