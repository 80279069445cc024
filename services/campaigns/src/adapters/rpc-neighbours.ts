import { Code, ConnectError, type Client } from '@connectrpc/connect';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { flows, patients, telephony } from '@wardline/contracts';
import { events } from '@wardline/contracts';
import { resultByOutcome, resultOfFailure } from '../domain/call-result.ts';
import type { CallLookup } from '../ports/call-lookup.ts';
import type { FlowCatalogue } from '../ports/flow-catalogue.ts';
import { PeopleRefused, type Outreach } from '../ports/outreach.ts';
import { outcomeWord } from './contract-words.ts';

/** Within the second or two in which telephony waits for leave to dial. */
const MAY_CALL_DEADLINE_MS = 1_500;
const REGISTER_DEADLINE_MS = 30_000;
const DEADLINE_MS = 3_000;

type ClientOf<S> = (tenantId: string) => S;

export function createRpcOutreach(clientOf: ClientOf<Client<typeof patients.PatientsService>>): Outreach {
  return {
    async mayCall(tenantId, { patientId, number }) {
      const { allowed } = await clientOf(tenantId).checkOutreach(
        { callees: [{ patientId: patientId ?? '', number: number.reveal() }] },
        { timeoutMs: MAY_CALL_DEADLINE_MS },
      );
      // An answer of another length answers another question.
      return allowed.length === 1 && allowed[0] === true;
    },
    async register(tenantId, people) {
      const request = {
        patients: people.map(({ externalId, name, number }) => ({
          externalId: externalId?.reveal() ?? '',
          name: name.reveal(),
          number: number.reveal(),
        })),
      };
      const { patientIds } = await clientOf(tenantId)
        .registerPatients(request, { timeoutMs: REGISTER_DEADLINE_MS })
        .catch((cause: unknown) => {
          throw ConnectError.from(cause).code === Code.InvalidArgument ? new PeopleRefused({ cause }) : cause;
        });
      if (patientIds.length !== people.length)
        throw new Error('patients answered for another number of people');
      return patientIds;
    },
  };
}

export function createRpcFlows(clientOf: ClientOf<Client<typeof flows.FlowService>>): FlowCatalogue {
  return {
    async newest(tenantId, flowId) {
      try {
        const { flow } = await clientOf(tenantId).getFlow({ flowId, version: 0 }, { timeoutMs: DEADLINE_MS });
        return flow && { version: flow.version, leavesVoicemail: flow.leavesVoicemail };
      } catch (error) {
        if (ConnectError.from(error).code === Code.NotFound) return undefined;
        throw error;
      }
    },
  };
}

const { CallState } = events;

export function createRpcCallLookup(
  clientOf: ClientOf<Client<typeof telephony.CallControlService>>,
): CallLookup {
  return {
    async find(tenantId, callId) {
      const { calls } = await clientOf(tenantId).listCalls({ callId, limit: 1 }, { timeoutMs: DEADLINE_MS });
      const call = calls.find((found) => found.callId === callId);
      if (!call) return { kind: 'unknown' };
      const endedMs = call.endedAt ? timestampMs(call.endedAt) : Date.now();
      switch (call.state) {
        case CallState.COMPLETED:
          return { kind: 'ended', result: resultByOutcome[outcomeWord(call.outcome)], endedMs };
        case CallState.ESCALATED:
          return { kind: 'ended', result: 'handed-over', endedMs };
        case CallState.FAILED:
          return { kind: 'ended', result: resultOfFailure(call.endReason), endedMs };
        default:
          return { kind: 'live' };
      }
    },
  };
}
