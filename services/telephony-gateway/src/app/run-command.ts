import type { Logger } from '@wardline/observability';
import { withSpan } from '@wardline/observability';
import type { Effect } from '../domain/call.ts';
import { policy } from '../domain/policy.ts';
import type { CallStore, ClaimedCommand, CommandKey, StoredCall } from '../ports/call-store.ts';
import type { CarrierControl, CommandResult } from '../ports/carrier-control.ts';
import type { ClinicLines } from '../ports/clinic-lines.ts';
import type { Clock } from '../ports/clock.ts';
import type { StreamLinks } from '../ports/stream-links.ts';
import { WEBHOOK_GRACE_MS, type CallChanges } from './change-call.ts';

/** Longer than a command can take, replacing a stream included: three carrier deadlines. */
const LEASE_MS = 10_000;
const RETRY_MS = [250, 500, 1_000, 2_000, 4_000] as const;
/** How long a command is worth repeating. A caller waits for the first three; the last ends a call nobody hears. */
const WORTH_MS: Record<Effect['kind'], number> = {
  answer: 20_000,
  'start-stream': 10_000,
  transfer: 10_000,
  'hang-up': 60_000,
};

export interface RunCommandDeps {
  readonly store: CallStore;
  readonly changes: () => CallChanges;
  readonly carrier: CarrierControl;
  readonly clinics: ClinicLines;
  readonly links: StreamLinks;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly inBackground: (name: string, work: () => Promise<unknown>) => void;
}

/**
 * Carries out one stored command: at least once, with the command's id as the carrier's `command_id`, so that it takes
 * effect once. What becomes of it is stored together with what it means for the call.
 */
export function createRunCommand(deps: RunCommandDeps): (key: CommandKey) => Promise<void> {
  const { store, clock, logger } = deps;

  async function run(key: CommandKey): Promise<void> {
    const claimed = await store.claimCommand(key, { now: clock.now(), leaseMs: LEASE_MS });
    if (!claimed) return;
    const { stored, effect } = claimed;
    await withSpan(
      'telephony.command',
      { 'call.id': stored.callId, 'command.kind': effect.kind },
      async () => settle(key, claimed, await execute(deps, stored, effect, key.commandId)),
      { traceparent: stored.traceparent },
    );
  }

  async function settle(key: CommandKey, claimed: ClaimedCommand, result: CommandResult): Promise<void> {
    const { stored, effect } = claimed;
    const at = clock.now();
    const fields = { callId: stored.callId, command: effect.kind, attempts: claimed.attempts };
    if (result.kind === 'unavailable' && at - claimed.createdAt < WORTH_MS[effect.kind]) {
      const delayMs = RETRY_MS[Math.min(claimed.attempts, RETRY_MS.length) - 1] ?? RETRY_MS[0];
      logger.warn('carrier command will be repeated', { ...fields, code: result.code, delayMs });
      await store.postponeCommand(key, at + delayMs, result.code);
      clock.after(delayMs, () => deps.inBackground('repeat a command', () => run(key)));
      return;
    }
    const { commandId } = key;
    if (result.kind === 'accepted') {
      logger.info('carrier command accepted', fields);
      await deps.changes().change(stored, {
        at,
        settles: { commandId, status: 'done' },
        decide: () => (effect.kind === 'answer' ? [{ type: 'answer-accepted' }] : []),
      });
    } else if (result.kind === 'gone') {
      logger.info('carrier says the call is over', fields);
      await deps.changes().change(stored, {
        at,
        settles: { commandId, status: 'done', error: 'gone' },
        checkBy: at + WEBHOOK_GRACE_MS,
        decide: () => [],
      });
    } else {
      logger.error('carrier command failed', { ...fields, result: result.kind, code: result.code });
      await deps.changes().change(stored, {
        at,
        settles: { commandId, status: 'failed', error: result.code },
        decide: () => [{ type: 'command-failed', at, command: effect, reason: result.kind }],
      });
    }
  }

  return run;
}

async function execute(
  deps: RunCommandDeps,
  stored: StoredCall,
  effect: Effect,
  commandId: string,
): Promise<CommandResult> {
  const { carrier } = deps;
  const leg = stored.callControlId;
  if (effect.kind === 'hang-up') return carrier.hangUp(leg, { commandId });
  const lines = await deps.clinics.linesOf(stored.tenantId, stored.clinicId).catch((error: unknown) => {
    deps.logger.warn('directory did not answer', { callId: stored.callId, err: error });
    return undefined;
  });
  if (!lines) return { kind: 'unavailable', code: 'directory' };
  switch (effect.kind) {
    case 'transfer': {
      const to = effect.reason === 'emergency' ? lines.emergencyNumber : lines.transferNumber;
      if (to === undefined) return { kind: 'refused', code: 'no-transfer-number' };
      return carrier.transfer(leg, { commandId, to, ringSecs: policy.transferRingSecs });
    }
    case 'answer': {
      const streamUrl = await link(
        deps,
        stored,
        { epoch: stored.call.ownerEpoch, resumed: false },
        lines.language,
      );
      return carrier.answer(leg, { commandId, streamUrl, clientState: stored.callId });
    }
    case 'start-stream': {
      // One bidirectional stream per call: an older one that may still be open must go first. When there is none, the
      // carrier's refusal is as good as its consent.
      if (effect.replacing) await carrier.stopStream(leg, { commandId: `${commandId}-stop` });
      const streamUrl = await link(deps, stored, { epoch: effect.epoch, resumed: true }, lines.language);
      return carrier.startStream(leg, { commandId, streamUrl });
    }
    default:
      return effect satisfies never;
  }
}

function link(
  deps: RunCommandDeps,
  stored: StoredCall,
  start: { epoch: number; resumed: boolean },
  language: string,
): Promise<string> {
  const { callId, tenantId, clinicId, callControlId, traceparent } = stored;
  return deps.links.create({ callId, tenantId, clinicId, callControlId, traceparent, language, ...start });
}
