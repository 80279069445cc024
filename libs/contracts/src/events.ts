export * from '../generated/wardline/events/v1/personal_pb.ts';
export * from '../generated/wardline/events/v1/calls_pb.ts';
export * from '../generated/wardline/events/v1/appointments_pb.ts';
export * from '../generated/wardline/events/v1/messages_pb.ts';
export * from '../generated/wardline/events/v1/directory_pb.ts';
