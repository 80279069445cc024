/**
 * The generated contracts of `proto/`, by package. This is the only import path to them: services translate these
 * messages at their edges (entrypoints and adapters) and keep them out of `domain/`.
 */
export * as events from './events.ts';
export * as dialogue from '../generated/wardline/dialogue/v1/dialogue_pb.ts';
export * as telephony from '../generated/wardline/telephony/v1/call_control_pb.ts';
export * as appointments from '../generated/wardline/appointments/v1/appointments_pb.ts';
export * as directory from '../generated/wardline/directory/v1/directory_pb.ts';
export * as flows from '../generated/wardline/dialogue/v1/flows_pb.ts';
export * as campaigns from '../generated/wardline/campaigns/v1/campaigns_pb.ts';
export * as patients from '../generated/wardline/patients/v1/patients_pb.ts';
export * as insights from '../generated/wardline/insights/v1/insights_pb.ts';
export * as notifications from '../generated/wardline/notifications/v1/notifications_pb.ts';
export * as keyvalue from '../generated/wardline/keyvalue/v1/key_value_pb.ts';
export { demo, type DemoClinic, type DemoDoctor, type DemoStaff } from './demo.ts';
export { readEvent, type EventRead, type UnreadableEvent } from './read-event.ts';
export { sharedKeys } from './shared-keys.ts';
