import { Code, ConnectError } from '@connectrpc/connect';
import type { telephony } from '@wardline/contracts';
import { events } from '@wardline/contracts';
import type { Logger } from '@wardline/observability';
import type { RpcClient } from '@wardline/rpc';
import type { CallOutcome } from '../../domain/effects.ts';
import type { CallDesk, DeskAnswer } from '../../ports/call-desk.ts';

const deadlineMs = 4_000;
const lookUpMs = 2_000;

const outcomes: Record<CallOutcome, events.CallOutcome> = {
  booked: events.CallOutcome.BOOKED,
  'call-back-requested': events.CallOutcome.CALL_BACK_REQUESTED,
  'no-input': events.CallOutcome.NO_INPUT,
  'not-booked': events.CallOutcome.NOT_BOOKED,
};

/** telephony-gateway, by RPC. Every command carries the epoch under which we own the call. */
export function createRpcCallDesk(
  client: RpcClient<typeof telephony.CallControlService>,
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
  };
}
