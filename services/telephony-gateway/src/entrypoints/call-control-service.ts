import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, type ConnectRouter, type HandlerContext } from '@connectrpc/connect';
import { events, telephony } from '@wardline/contracts';
import { Personal } from '@wardline/personal-data';
import { tenantOf } from '@wardline/rpc';
import { z } from 'zod';
import { directionToProto, outcomeToProto, stateToProto } from '../contract-words.ts';
import { CommandRefused, type CallCommands, type OwnedCall, type RefusalCode } from '../app/command-call.ts';
import type { CallOutcome } from '../domain/call.ts';
import type { CallList, ListedCall, ListedCallBack } from '../ports/call-list.ts';
import { cursorAfter, positionOf } from './list-cursor.ts';

const service = telephony.CallControlService.typeName;
const owner = ['conversation-brain'];
const readers = ['api-gateway', 'standalone'];

/** Which services may call which method; the RPC server holds to it. */
export const callControlAllow: Record<string, readonly string[]> = {
  [`${service}/TransferCall`]: owner,
  [`${service}/HangUp`]: owner,
  [`${service}/RecordOutcome`]: owner,
  [`${service}/RequestCallBack`]: owner,
  [`${service}/ListCalls`]: [...owner, ...readers],
  [`${service}/ListCallBacks`]: readers,
};

const uuid = z.guid();
const word = z.string().regex(/^[a-z][a-z-]{0,39}$/, 'a short word such as caller-asked');
const NOTE_CHARS_MAX = 2_000;

/** CallControlService: translates between the contract and the application, decides nothing. */
export function callControlRoutes(o: {
  commands: CallCommands;
  list: CallList;
}): (router: ConnectRouter) => void {
  const { commands, list } = o;
  return (router) => {
    router.service(telephony.CallControlService, {
      transferCall: async (request, context) => {
        const reason = check(word, request.reason, 'reason');
        await refusing(commands.transferCall(ownedCall(request, context), reason));
        return {};
      },
      hangUp: async (request, context) => {
        await refusing(commands.hangUp(ownedCall(request, context), outcomeOrNone(request.outcome)));
        return {};
      },
      recordOutcome: async (request, context) => {
        const outcome = outcomeOrNone(request.outcome);
        if (outcome === null) throw new ConnectError('an outcome is needed', Code.InvalidArgument);
        await refusing(commands.recordOutcome(ownedCall(request, context), outcome));
        return {};
      },
      requestCallBack: async (request, context) => {
        const reason = check(word, request.reason, 'reason');
        const note = Personal.of(request.note.slice(0, NOTE_CHARS_MAX));
        return refusing(commands.requestCallBack(ownedCall(request, context), { reason, note }));
      },
      listCalls: async (request, context) => {
        const limit = limitOf(request.limit);
        const found = await list.listCalls(tenantOf(context), {
          clinicId: optional(uuid, request.clinicId, 'clinic_id'),
          callId: optional(uuid, request.callId, 'call_id'),
          liveOnly: request.liveOnly,
          after: request.cursor === '' ? undefined : positionOf(request.cursor),
          // One more than asked for tells whether there is more.
          limit: limit + 1,
        });
        const calls = found.slice(0, limit);
        const last = calls.at(-1);
        return {
          calls: calls.map(callOf),
          nextCursor: found.length > limit && last ? cursorAfter(last) : '',
        };
      },
      listCallBacks: async (request, context) => {
        const clinicId = optional(uuid, request.clinicId, 'clinic_id');
        const found = await list.listCallBacks(tenantOf(context), {
          clinicId,
          limit: limitOf(request.limit),
        });
        return { callBacks: found.map(callBackOf) };
      },
    });
  };
}

const outcomes = new Map(
  Object.entries(outcomeToProto).map(([outcome, proto]) => [proto, outcome as CallOutcome]),
);

function outcomeOrNone(outcome: events.CallOutcome): CallOutcome | null {
  return outcomes.get(outcome) ?? null;
}

function ownedCall(request: { callId: string; ownerEpoch: number }, context: HandlerContext): OwnedCall {
  const callId = check(uuid, request.callId, 'call_id');
  return { tenantId: tenantOf(context), callId, ownerEpoch: request.ownerEpoch };
}

const codes: Record<RefusalCode, Code> = {
  'unknown-call': Code.NotFound,
  'stale-owner': Code.Aborted,
  'call-over': Code.FailedPrecondition,
  'call-ending': Code.FailedPrecondition,
};

async function refusing<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof CommandRefused)
      throw new ConnectError(error.code, codes[error.code], undefined, undefined, error);
    throw error;
  }
}

function check<T>(schema: z.ZodType<T>, value: unknown, field: string): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new ConnectError(`${field} is not valid`, Code.InvalidArgument);
  return parsed.data;
}

function optional(schema: z.ZodType<string>, value: string, field: string): string | undefined {
  return value === '' ? undefined : check(schema, value, field);
}

function limitOf(limit: number): number {
  if (limit === 0) return 50;
  return check(z.int().min(1).max(200), limit, 'limit');
}

function callOf(call: ListedCall) {
  return {
    callId: call.callId,
    clinicId: call.clinicId,
    direction: directionToProto[call.direction],
    state: stateToProto[call.state],
    outcome: call.outcome === null ? events.CallOutcome.UNSPECIFIED : outcomeToProto[call.outcome],
    callerNumber: call.callerNumber.reveal(),
    initiatedAt: timestampFromMs(call.initiatedAt),
    ...(call.answeredAt === null ? {} : { answeredAt: timestampFromMs(call.answeredAt) }),
    ...(call.endedAt === null ? {} : { endedAt: timestampFromMs(call.endedAt) }),
    endReason: call.endReason ?? '',
    traceId: call.traceId,
  };
}

function callBackOf(callBack: ListedCallBack) {
  const { callBackId, callId, clinicId, reason } = callBack;
  return {
    callBackId,
    callId,
    clinicId,
    reason,
    note: callBack.note.reveal(),
    callerNumber: callBack.callerNumber.reveal(),
    requestedAt: timestampFromMs(callBack.requestedAt),
  };
}
