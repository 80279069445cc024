import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import type { events } from '@wardline/contracts';
import { flows, patients, telephony } from '@wardline/contracts';
import { uuidv7 } from '@wardline/event-bus';
import type { Logger } from '@wardline/observability';
import { createRpcServer, createServiceTokens } from '@wardline/rpc';

interface FakeOptions {
  serviceKey: string;
  logger: Logger;
}

/** The service patients over real RPC: who may be called, and people it was told of. */
export async function startFakePatients(o: FakeOptions) {
  const state = {
    /** Numbers and patients that may not be called. */
    refused: new Set<string>(),
    /** Answers that are errors, before it works again. */
    failures: 0,
    /** Questions whether somebody may be called. */
    asked: 0,
    /** Called while a question is being answered. */
    onAsk: undefined as (() => Promise<void>) | undefined,
    /** Patient ids by external id, or number and name. */
    registered: new Map<string, string>(),
    registerCalls: [] as number[],
    /** Names of people who are not taken. */
    neverTaken: new Set<string>(),
  };
  const fail = () => {
    if (state.failures > 0) {
      state.failures -= 1;
      throw new ConnectError('not now', Code.Unavailable);
    }
  };
  const server = createRpcServer({
    service: 'patients',
    port: 0,
    tokens: createServiceTokens({ key: o.serviceKey, service: 'patients' }),
    logger: o.logger,
    routes: (router) => {
      router.service(patients.PatientsService, {
        async checkOutreach({ callees }) {
          state.asked += 1;
          fail();
          await state.onAsk?.();
          return {
            allowed: callees.map((c) => !state.refused.has(c.number) && !state.refused.has(c.patientId)),
          };
        },
        registerPatients({ patients: people }) {
          fail();
          if (people.some((person) => state.neverTaken.has(person.name)))
            throw new ConnectError('name is not allowed', Code.InvalidArgument);
          state.registerCalls.push(people.length);
          return {
            patientIds: people.map((person) => {
              const key = person.externalId || `${person.number} ${person.name}`;
              const known = state.registered.get(key) ?? uuidv7();
              state.registered.set(key, known);
              return known;
            }),
          };
        },
      });
    },
  });
  await server.start();
  return Object.assign(state, { baseUrl: server.baseUrl, close: () => server.close() });
}
export type FakePatients = Awaited<ReturnType<typeof startFakePatients>>;

/** The scripts of conversation-brain over real RPC. */
export async function startFakeFlows(o: FakeOptions) {
  const state = {
    known: new Map([
      ['appointment-reminder', { version: 3, leavesVoicemail: true }],
      ['no-show-recovery', { version: 1, leavesVoicemail: false }],
    ]),
  };
  const server = createRpcServer({
    service: 'conversation-brain',
    port: 0,
    tokens: createServiceTokens({ key: o.serviceKey, service: 'conversation-brain' }),
    logger: o.logger,
    routes: (router) => {
      router.service(flows.FlowService, {
        getFlow({ flowId }) {
          const flow = state.known.get(flowId);
          if (!flow) throw new ConnectError('no such flow', Code.NotFound);
          return { flow: { flowId, ...flow, languages: ['en-US'] } };
        },
      });
    },
  });
  await server.start();
  return Object.assign(state, { baseUrl: server.baseUrl, close: () => server.close() });
}
export type FakeFlows = Awaited<ReturnType<typeof startFakeFlows>>;

/** What telephony knows of calls, over real RPC. */
export async function startFakeTelephony(o: FakeOptions) {
  const state = {
    calls: new Map<
      string,
      { state: events.CallState; outcome?: events.CallOutcome; endReason?: string; endedAtMs?: number }
    >(),
    asked: [] as string[],
    down: false,
  };
  const server = createRpcServer({
    service: 'telephony-gateway',
    port: 0,
    tokens: createServiceTokens({ key: o.serviceKey, service: 'telephony-gateway' }),
    logger: o.logger,
    routes: (router) => {
      router.service(telephony.CallControlService, {
        listCalls({ callId }) {
          state.asked.push(callId);
          if (state.down) throw new ConnectError('not now', Code.Unavailable);
          const call = state.calls.get(callId);
          if (!call) return { calls: [] };
          const { endedAtMs, ...rest } = call;
          return {
            calls: [{ callId, ...rest, ...(endedAtMs ? { endedAt: timestampFromMs(endedAtMs) } : {}) }],
          };
        },
      });
    },
  });
  await server.start();
  return Object.assign(state, { baseUrl: server.baseUrl, close: () => server.close() });
}
export type FakeTelephony = Awaited<ReturnType<typeof startFakeTelephony>>;
