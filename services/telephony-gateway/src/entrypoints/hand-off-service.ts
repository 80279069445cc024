import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, type ConnectRouter } from '@connectrpc/connect';
import { telephony } from '@wardline/contracts';
import { Personal } from '@wardline/personal-data';
import { tenantOf } from '@wardline/rpc';
import { WaitEnded } from '../app/hand-off-waits.ts';
import type { RequestedHandOff, RequestHandOff } from '../app/request-hand-off.ts';
import { HandOffRefused, type HandOffDesk } from '../app/work-hand-off.ts';
import { handOffStateToProto } from '../contract-words.ts';
import { briefingOf, briefingToPersonal } from '../domain/hand-off-briefing.ts';
import type { Clock } from '../ports/clock.ts';
import type { HandOffStore, ListedHandOff } from '../ports/hand-off-store.ts';
import type { Presence } from '../ports/presence.ts';
import { check, e164, limitOf, optional, personName, refusing, uuid, word } from './checked-requests.ts';

const service = telephony.HandOffService.typeName;
const desk = ['api-gateway'];

/** Which services may call which method; the RPC server holds to it. */
export const handOffAllow: Record<string, readonly string[]> = {
  [`${service}/RequestHandOff`]: ['conversation-brain'],
  [`${service}/ListHandOffs`]: desk,
  [`${service}/AcceptHandOff`]: desk,
  [`${service}/DeclineHandOff`]: desk,
  [`${service}/SetPresence`]: desk,
  [`${service}/ListPresence`]: desk,
};

const { RequestHandOffResponse_Result: Result } = telephony;
const results: Record<RequestedHandOff['result'], telephony.RequestHandOffResponse_Result> = {
  transferring: Result.TRANSFERRING,
  'call-back': Result.CALL_BACK,
  'call-over': Result.CALL_OVER,
};

/** HandOffService: translates between the contract and the application, decides nothing. */
export function handOffRoutes(o: {
  request: RequestHandOff;
  desk: HandOffDesk;
  store: Pick<HandOffStore, 'list'>;
  presence: Presence;
  clock: Clock;
}): (router: ConnectRouter) => void {
  const { presence, clock } = o;

  async function handOffOf(tenantId: string, handOffId: string) {
    const [found] = await o.store.list(tenantId, {
      ...{ handOffId, clinicId: undefined, callId: undefined },
      ...{ openOnly: false, limit: 1 },
    });
    if (!found) throw new ConnectError('unknown-hand-off', Code.NotFound);
    return messageOf(found);
  }

  return (router) => {
    router.service(telephony.HandOffService, {
      requestHandOff: async (request, context) => {
        const owned = {
          tenantId: tenantOf(context),
          callId: check(uuid, request.callId, 'call_id'),
          ownerEpoch: request.ownerEpoch,
        };
        const reason = check(word, request.reason, 'reason');
        const { patientName = '', summary = '', details = [], lines = [] } = request.briefing ?? {};
        const briefing = briefingToPersonal({ patientName, summary, details, lines });
        const { result, handOffId } = await refusing(
          letGo(o.request(owned, { reason, briefing }, context.signal)),
        );
        return { result: results[result], handOffId: handOffId ?? '' };
      },
      listHandOffs: async (request, context) => {
        const found = await o.store.list(tenantOf(context), {
          clinicId: optional(uuid, request.clinicId, 'clinic_id'),
          callId: optional(uuid, request.callId, 'call_id'),
          handOffId: optional(uuid, request.handOffId, 'hand_off_id'),
          openOnly: request.openOnly,
          limit: limitOf(request.limit),
        });
        return { handOffs: found.map(messageOf) };
      },
      acceptHandOff: async (request, context) => {
        const tenantId = tenantOf(context);
        const handOffId = check(uuid, request.handOffId, 'hand_off_id');
        const by = {
          userId: check(uuid, request.userId, 'user_id'),
          name: check(personName, request.displayName, 'display_name'),
        };
        const number = Personal.of(check(e164, request.number, 'number'));
        await declining(o.desk.accept({ tenantId, handOffId }, { by, number }), handOffId);
        return { handOff: await handOffOf(tenantId, handOffId) };
      },
      declineHandOff: async (request, context) => {
        const handOffId = check(uuid, request.handOffId, 'hand_off_id');
        const userId = check(uuid, request.userId, 'user_id');
        await declining(o.desk.decline({ tenantId: tenantOf(context), handOffId }, userId), handOffId);
        return {};
      },
      setPresence: async (request, context) => {
        const tenantId = tenantOf(context);
        const userId = check(uuid, request.userId, 'user_id');
        if (request.present) {
          const name = check(personName, request.displayName, 'display_name');
          await presence.seen(tenantId, { userId, name, at: clock.now() });
        } else await presence.left(tenantId, userId);
        return {};
      },
      listPresence: async (_request, context) => {
        const present = await presence.list(tenantOf(context), clock.now());
        return {
          supervisors: present.map(({ userId, name, since }) => ({
            userId,
            displayName: name,
            since: timestampFromMs(since),
          })),
        };
      },
    });
  };
}

/** A process that ends lets its waiting requests go: asked again, another one answers. */
async function letGo<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof WaitEnded) throw new ConnectError(error.code, Code.Unavailable);
    throw error;
  }
}

/** The winner travels as a detail, so that it can be shown without being part of an error's text. */
async function declining<T>(work: Promise<T>, handOffId: string): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof HandOffRefused)) throw error;
    const { code, winner } = error;
    if (code === 'unknown-hand-off') throw new ConnectError(code, Code.NotFound);
    if (code === 'over' || !winner) throw new ConnectError('hand-off-over', Code.FailedPrecondition);
    throw new ConnectError('hand-off-taken', Code.AlreadyExists, undefined, [
      {
        desc: telephony.HandOffSchema,
        value: { handOffId, acceptedByUserId: winner.userId, acceptedByName: winner.name },
      },
    ]);
  }
}

function messageOf(listed: ListedHandOff) {
  const { handOff, briefing } = listed;
  return {
    handOffId: handOff.handOffId,
    callId: listed.callId,
    clinicId: listed.clinicId,
    state: handOffStateToProto[handOff.state],
    reason: listed.reason,
    ...(briefing && { briefing: messageOfBriefing(briefing) }),
    callerNumber: listed.callerNumber.reveal(),
    requestedAt: timestampFromMs(handOff.requestedAt),
    ...stamped('offeredAt', handOff.offeredAt),
    ...stamped('acceptedAt', handOff.acceptedAt),
    ...stamped('connectedAt', handOff.connectedAt),
    ...stamped('endedAt', handOff.endedAt),
    ...stamped('expiresAt', handOff.expiresAt),
    acceptedByUserId: handOff.acceptedBy?.userId ?? '',
    acceptedByName: handOff.acceptedBy?.name ?? '',
    campaignId: listed.campaignId ?? '',
    declinedByUserIds: [...listed.declinedByUserIds],
  };
}

function messageOfBriefing(personal: Personal) {
  const { patientName, summary, details, lines } = briefingOf(personal);
  return { patientName, summary, details: [...details], lines: [...lines] };
}

function stamped<K extends string>(name: K, at: number | null) {
  return (at === null ? {} : { [name]: timestampFromMs(at) }) as Partial<
    Record<K, ReturnType<typeof timestampFromMs>>
  >;
}
