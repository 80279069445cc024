export { startFakeCarrier, type FakeCarrier } from './fake-carrier.ts';
export { createWebhookSender, type WebhookSender } from './webhook-sender.ts';
export { createManualClock, type ManualClock } from './manual-clock.ts';
export { createFakeDialAuthority, type FakeDialAuthority } from './fake-dial-authority.ts';
export { createFakeClinicLines, type FakeClinicLines } from './fake-clinic-lines.ts';
export { describeCarrierControl } from './describe-carrier-control.ts';
