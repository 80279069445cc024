import { Code, ConnectError } from '@connectrpc/connect';
import { events, telephony } from '@wardline/contracts';
import type { Logger } from '@wardline/observability';
import type { RpcClient } from '@wardline/rpc';
import type { CallOutcome } from '../../domain/effects.ts';
import type { CallDesk, DeskAnswer } from '../../ports/call-desk.ts';

const deadlineMs = 4_000;
const lookUpMs = 2_000;
/** Half a minute for somebody to take it, and as long for their telephone to ring. */
const handOffMs = 75_000;

const outcomes: Record<CallOutcome, events.CallOutcome> = {
  booked: events.CallOutcome.BOOKED,
  'call-back-requested': events.CallOutcome.CALL_BACK_REQUESTED,
  'no-input': events.CallOutcome.NO_INPUT,
  'not-booked': events.CallOutcome.NOT_BOOKED,
  confirmed: events.CallOutcome.CONFIRMED,
  moved: events.CallOutcome.MOVED,
  cancelled: events.CallOutcome.CANCELLED,
  'opted-out': events.CallOutcome.OPTED_OUT,
  'voicemail-left': events.CallOutcome.VOICEMAIL_LEFT,
  machine: events.CallOutcome.MACHINE,
  'wrong-person': events.CallOutcome.WRONG_PERSON,
};

/** telephony-gateway, by RPC. Every command carries the epoch under which we own the call. */
export function createRpcCallDesk(
  client: RpcClient<typeof telephony.CallControlService>,
  handOffs: RpcClient<typeof telephony.HandOffService>,
  logger: Logger,
): CallDesk {
  async function command(method: string, run: () => Promise<unknown>): Promise<DeskAnswer> {
    try {
      await run();
      return 'done';
    } catch (error) {
      const { code } = ConnectError.from(error);
      if (code === Code.Aborted) return 'stale';
      logger.warn('telephony did not do as asked', { err: error, method });
      return 'failed';
    }
  }
  return {
    async callerNumber({ tenantId, callId }) {
      const { calls } = await client
        .forTenant(tenantId)
        .listCalls({ callId, limit: 1 }, { timeoutMs: lookUpMs });
      const number = calls[0]?.callerNumber ?? '';
      // A withheld number arrives as a word such as "anonymous".
      return /^\+\d{7,15}$/.test(number) ? number : undefined;
    },
    transfer: ({ tenantId, callId, epoch }, reason) =>
      command('TransferCall', () =>
        client
          .forTenant(tenantId)
          .transferCall({ callId, ownerEpoch: epoch, reason }, { timeoutMs: deadlineMs }),
      ),
    hangUp: ({ tenantId, callId, epoch }, outcome) =>
      command('HangUp', () =>
        client
          .forTenant(tenantId)
          .hangUp({ callId, ownerEpoch: epoch, outcome: outcomes[outcome] }, { timeoutMs: deadlineMs }),
      ),
    recordOutcome: ({ tenantId, callId, epoch }, outcome) =>
      command('RecordOutcome', () =>
        client
          .forTenant(tenantId)
          .recordOutcome(
            { callId, ownerEpoch: epoch, outcome: outcomes[outcome] },
            { timeoutMs: deadlineMs },
          ),
      ),
    requestCallBack: ({ tenantId, callId, epoch }, { reason, note }) =>
      command('RequestCallBack', () =>
        client
          .forTenant(tenantId)
          .requestCallBack({ callId, ownerEpoch: epoch, reason, note }, { timeoutMs: deadlineMs }),
      ),
    async handOff({ tenantId, callId, epoch }, { reason, briefing, signal }) {
      try {
        const { patientName, summary, details, lines } = briefing;
        const { result } = await handOffs.forTenant(tenantId).requestHandOff(
          {
            callId,
            ownerEpoch: epoch,
            reason,
            briefing: {
              patientName,
              summary,
              details: details.map((one) => ({ ...one })),
              lines: lines.map((one) => ({ ...one })),
            },
          },
          { timeoutMs: handOffMs, signal },
        );
        return result === telephony.RequestHandOffResponse_Result.CALL_BACK ? 'call-back' : 'done';
      } catch (error) {
        const { code } = ConnectError.from(error);
        if (code === Code.Aborted) return 'stale';
        if (code === Code.Unimplemented) return 'not-served';
        if (!signal.aborted)
          logger.warn('telephony did not do as asked', { err: error, method: 'RequestHandOff' });
        return 'failed';
      }
    },
  };
}
