import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, type ConnectRouter, type HandlerContext } from '@connectrpc/connect';
import { events, telephony } from '@wardline/contracts';
import { Personal } from '@wardline/personal-data';
import { tenantOf } from '@wardline/rpc';
import { directionToProto, outcomeToProto, stateToProto } from '../contract-words.ts';
import type { CallCommands, OwnedCall } from '../app/command-call.ts';
import type { CallDirection, CallOutcome } from '../domain/call.ts';
import type { CompleteCallBack } from '../app/complete-call-back.ts';
import type { CallBackList, ListedCallBack } from '../ports/call-back-list.ts';
import type { CallList, ListedCall } from '../ports/call-list.ts';
import { check, limitOf, optional, personName, refusing, uuid, word } from './checked-requests.ts';
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
  [`${service}/ListCalls`]: [...owner, ...readers, 'campaigns'],
  [`${service}/ListCallBacks`]: readers,
  [`${service}/CompleteCallBack`]: ['api-gateway'],
};

const NOTE_CHARS_MAX = 2_000;

/** CallControlService: translates between the contract and the application, decides nothing. */
export function callControlRoutes(o: {
  commands: CallCommands;
  list: CallList;
  completeCallBack: CompleteCallBack;
  callBacks: Pick<CallBackList, 'list'>;
}): (router: ConnectRouter) => void {
  const { commands, list, callBacks } = o;
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
          callerNumber: request.callerNumber === '' ? undefined : Personal.of(request.callerNumber),
          direction: directions.get(request.direction),
          outcome: outcomeOrNone(request.outcome) ?? undefined,
          campaignId: optional(uuid, request.campaignId, 'campaign_id'),
          from: request.from && timestampMs(request.from),
          until: request.to && timestampMs(request.to),
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
        const found = await callBacks.list(tenantOf(context), {
          clinicId,
          openOnly: request.openOnly,
          limit: limitOf(request.limit),
        });
        return { callBacks: found.map(callBackOf) };
      },
      completeCallBack: async (request, context) => {
        const done = await o.completeCallBack(tenantOf(context), {
          callBackId: check(uuid, request.callBackId, 'call_back_id'),
          userId: check(uuid, request.userId, 'user_id'),
          name: check(personName, request.displayName, 'display_name'),
        });
        if (!done) throw new ConnectError('unknown-call-back', Code.NotFound);
        return { callBack: callBackOf(done) };
      },
    });
  };
}

const outcomes = new Map(
  Object.entries(outcomeToProto).map(([outcome, proto]) => [proto, outcome as CallOutcome]),
);

const directions = new Map(
  Object.entries(directionToProto).map(([direction, proto]) => [proto, direction as CallDirection]),
);

function outcomeOrNone(outcome: events.CallOutcome): CallOutcome | null {
  return outcomes.get(outcome) ?? null;
}

function ownedCall(request: { callId: string; ownerEpoch: number }, context: HandlerContext): OwnedCall {
  const callId = check(uuid, request.callId, 'call_id');
  return { tenantId: tenantOf(context), callId, ownerEpoch: request.ownerEpoch };
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
    clinicNumber: call.clinicNumber,
    campaignId: call.campaign?.campaignId ?? '',
    attemptId: call.campaign?.attemptId ?? '',
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
    ...(callBack.completedAt === null ? {} : { completedAt: timestampFromMs(callBack.completedAt) }),
    completedByName: callBack.completedByName ?? '',
  };
}
