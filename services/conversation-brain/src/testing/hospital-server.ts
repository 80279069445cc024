import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import { appointments, campaigns, directory, patients, telephony } from '@wardline/contracts';
import type { Logger } from '@wardline/observability';
import { createRpcServer, createServiceTokens, type RpcServer } from '@wardline/rpc';
import type { Slot } from '../domain/state.ts';
import { aClinic } from './clinic.ts';

/**
 * directory, appointments and telephony-gateway as this service sees them on the wire, in memory: for tests that go
 * through the real adapters and the real protocol.
 */
export interface HospitalServers {
  readonly urls: {
    directory: string;
    appointments: string;
    telephony: string;
    campaigns: string;
    patients: string;
  };
  readonly bookings: appointments.BookAppointmentRequest[];
  readonly released: string[];
  /** "ConfirmAppointment", "MoveAppointment <key>", …, in order. */
  readonly changes: string[];
  readonly consents: patients.RecordConsentRequest[];
  readonly handOffs: telephony.RequestHandOffRequest[];
  /** Answers a request for a person; undefined: telephony does not serve that. */
  answerHandOff:
    | ((request: telephony.RequestHandOffRequest) => Promise<telephony.RequestHandOffResponse_Result>)
    | undefined;
  /** What campaigns says of any attempt; undefined: it does not know it. */
  attempt: MessageInitShape<typeof campaigns.GetAttemptResponseSchema> | undefined;
  appointment: MessageInitShape<typeof appointments.AppointmentSchema>;
  /** "HangUp 1 BOOKED", in order. */
  readonly commands: string[];
  /** Runs before a booking is answered; throw to fail it. */
  beforeBooking: (request: appointments.BookAppointmentRequest) => Promise<void>;
  callerNumber: string;
  stop(): Promise<void>;
}

export async function startHospitalServers(o: {
  serviceKey: string;
  free: readonly Slot[];
  logger: Logger;
}): Promise<HospitalServers> {
  const clinic = aClinic();
  const servers: RpcServer[] = [];
  const serve = async (
    service: string,
    routes: Parameters<typeof createRpcServer>[0]['routes'],
  ): Promise<string> => {
    const tokens = createServiceTokens({ key: o.serviceKey, service });
    const server = createRpcServer({ service, port: 0, tokens, logger: o.logger, routes });
    await server.start();
    servers.push(server);
    return server.baseUrl;
  };
  const bookings: appointments.BookAppointmentRequest[] = [];
  const released: string[] = [];
  const changes: string[] = [];
  const consents: patients.RecordConsentRequest[] = [];
  const handOffs: telephony.RequestHandOffRequest[] = [];
  const moved = new Map<string, number>();
  const commands: string[] = [];
  const taken = (doctorId: string, startMs: number): boolean =>
    bookings.some((one) => one.doctorId === doctorId && one.start && timestampMs(one.start) === startMs);
  let holds = 0;

  const world: HospitalServers = {
    urls: {
      directory: await serve('directory', (router) =>
        router.service(directory.DirectoryService, {
          getClinic: () => ({
            clinic: {
              ...clinic,
              language: 'en-US',
              numbers: ['+12025550110'],
              doctors: clinic.doctors.map((doctor) => ({ ...doctor, alsoCalled: [...doctor.alsoCalled] })),
            },
          }),
        }),
      ),
      appointments: await serve('appointments', (router) =>
        router.service(appointments.AppointmentsService, {
          findSlots: ({ doctorId, department, from, to }) => ({
            timeZone: clinic.timeZone,
            slots: o.free
              .filter(
                (slot) =>
                  (doctorId === '' || slot.doctorId === doctorId) &&
                  (department === '' || slot.department === department) &&
                  (!from || slot.startMs >= timestampMs(from)) &&
                  (!to || slot.startMs < timestampMs(to)) &&
                  !taken(slot.doctorId, slot.startMs),
              )
              .map((slot) => ({
                ...slot,
                start: timestampFromMs(slot.startMs),
                end: timestampFromMs(slot.endMs),
              })),
          }),
          holdSlot: ({ doctorId, start }) => {
            if (start && taken(doctorId, timestampMs(start)))
              throw new ConnectError('slot-taken', Code.AlreadyExists);
            holds++;
            return { holdId: `hold-${holds}` };
          },
          releaseHold: ({ holdId }) => {
            released.push(holdId);
            return {};
          },
          bookAppointment: async (request) => {
            await world.beforeBooking(request);
            const known = bookings.some((one) => one.idempotencyKey === request.idempotencyKey);
            if (!known && request.start && taken(request.doctorId, timestampMs(request.start))) {
              throw new ConnectError('slot-taken', Code.AlreadyExists);
            }
            if (!known) bookings.push(request);
            return { replayed: known };
          },
          getAppointment: () => ({ appointment: world.appointment }),
          confirmAppointment: () => (changes.push('ConfirmAppointment'), {}),
          cancelAppointment: () => (changes.push('CancelAppointment'), {}),
          moveAppointment: ({ idempotencyKey, start }) => {
            const replayed = moved.has(idempotencyKey);
            if (!replayed && start) moved.set(idempotencyKey, timestampMs(start));
            if (!replayed) changes.push(`MoveAppointment ${idempotencyKey}`);
            return { replayed };
          },
        }),
      ),
      telephony: await serve('telephony-gateway', (router) => {
        router.service(telephony.HandOffService, {
          requestHandOff: async (request) => {
            if (!world.answerHandOff) throw new ConnectError('not served', Code.Unimplemented);
            handOffs.push(request);
            return { result: await world.answerHandOff(request), handOffId: 'ho-1' };
          },
        });
        router.service(telephony.CallControlService, {
          listCalls: ({ callId }) => ({ calls: [{ callId, callerNumber: world.callerNumber }] }),
          transferCall: ({ ownerEpoch, reason }) => (
            commands.push(`TransferCall ${ownerEpoch} ${reason}`),
            {}
          ),
          hangUp: ({ ownerEpoch, outcome }) => (commands.push(`HangUp ${ownerEpoch} ${outcome}`), {}),
          recordOutcome: ({ ownerEpoch, outcome }) => (
            commands.push(`RecordOutcome ${ownerEpoch} ${outcome}`),
            {}
          ),
          requestCallBack: ({ reason }) => (
            commands.push(`RequestCallBack ${reason}`),
            { callBackId: 'cb-1' }
          ),
        });
      }),
      campaigns: await serve('campaigns', (router) =>
        router.service(campaigns.DiallingService, {
          getAttempt: () => {
            if (!world.attempt) throw new ConnectError('unknown attempt', Code.NotFound);
            return world.attempt;
          },
        }),
      ),
      patients: await serve('patients', (router) =>
        router.service(patients.PatientsService, {
          recordConsent: (request) => (consents.push(request), { entryId: 'e-1' }),
        }),
      ),
    },
    bookings,
    released,
    changes,
    consents,
    handOffs,
    answerHandOff: undefined,
    attempt: undefined,
    appointment: {},
    commands,
    beforeBooking: async () => {},
    callerNumber: '+12025550143',
    stop: async () => {
      for (const server of servers) await server.close();
    },
  };
  return world;
}
