import type { Logger } from '@wardline/observability';
import { withSpan } from '@wardline/observability';
import { streamRole, type CallEvent, type Effect } from '../domain/call.ts';
import { policy } from '../domain/policy.ts';
import type { CallStore, ClaimedCommand, CommandKey, StoredCall } from '../ports/call-store.ts';
import type { CarrierControl, CommandResult, DialResult } from '../ports/carrier-control.ts';
import type { ClinicLines, Lines } from '../ports/clinic-lines.ts';
import type { Clock } from '../ports/clock.ts';
import type { HandOffStore } from '../ports/hand-off-store.ts';
import type { StreamLinks } from '../ports/stream-links.ts';
import { WEBHOOK_GRACE_MS, type CallChanges } from './change-call.ts';

/** Longer than a command can take, replacing a stream included: three carrier deadlines. */
const LEASE_MS = 10_000;
const RETRY_MS = [250, 500, 1_000, 2_000, 4_000] as const;
/** How long a command is worth repeating. A caller waits for the first three; the last ends a call nobody hears. */
const WORTH_MS: Record<Effect['kind'], number> = {
  answer: 20_000,
  dial: policy.dialRepeatMs,
  'stop-stream': 5_000,
  'start-stream': 10_000,
  transfer: 10_000,
  'hang-up': 60_000,
};

export interface RunCommandDeps {
  readonly store: CallStore;
  readonly changes: () => CallChanges;
  readonly carrier: CarrierControl;
  readonly clinics: ClinicLines;
  readonly handOffs: Pick<HandOffStore, 'supervisorNumber'>;
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
      async () => settle(key, claimed, await execute(deps, claimed, key.commandId)),
      { traceparent: stored.traceparent },
    );
  }

  async function settle(
    key: CommandKey,
    claimed: ClaimedCommand,
    result: CommandResult | DialResult,
  ): Promise<void> {
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
        ...('callControlId' in result ? { leg: result } : {}),
        decide: () => accepted(effect),
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
        decide: () => [{ type: 'command-failed', at, command: effect, reason: failureOf(effect, result) }],
      });
    }
  }

  return run;
}

function accepted(effect: Effect): CallEvent[] {
  if (effect.kind === 'answer') return [{ type: 'answer-accepted' }];
  return effect.kind === 'dial' ? [{ type: 'dial-accepted' }] : [];
}

/** Why a command failed; a dial's reason is what the campaign learns, so a refused number is the carrier's own word for one. */
function failureOf(effect: Effect, result: { kind: 'refused' | 'unavailable'; code: string }): string {
  if (effect.kind !== 'dial' || result.kind === 'unavailable') return result.kind;
  if (result.code === 'invalid-number') return 'not_found';
  return result.code === NOT_DIALLED ? NOT_DIALLED : 'dial-refused';
}

/** Nothing was asked of the carrier. */
const NOT_DIALLED = 'not-dialled';

/**
 * Permission to dial is a matter of this second: the campaign may have been paused since. What was never sent is not sent
 * late, and what was sent without an answer is not sent again once the carrier may have forgotten its id.
 */
async function dial(deps: RunCommandDeps, claimed: ClaimedCommand, commandId: string): Promise<DialResult> {
  const { stored, attempts, createdAt, numbers } = claimed;
  const age = deps.clock.now() - createdAt;
  if (attempts === 1 && age > policy.dialFreshMs) return { kind: 'refused', code: NOT_DIALLED };
  if (age > policy.dialRepeatMs) return { kind: 'unavailable', code: 'too-late' };
  if (!numbers) throw new Error('a dial without numbers');
  return deps.carrier.dial({
    commandId,
    callId: stored.callId,
    from: numbers.clinic,
    to: numbers.patient,
    ringSecs: Math.ceil((stored.call.outbound?.ringMs ?? 0) / 1_000),
    callSecsMax: policy.outboundCallSecsMax,
  });
}

async function execute(
  deps: RunCommandDeps,
  claimed: ClaimedCommand,
  commandId: string,
): Promise<CommandResult | DialResult> {
  const { carrier } = deps;
  const { stored, effect } = claimed;
  if (effect.kind === 'dial') return dial(deps, claimed, commandId);
  const leg = stored.callControlId;
  if (leg === null) return { kind: 'refused', code: 'no-leg' };
  if (effect.kind === 'hang-up') return carrier.hangUp(leg, { commandId });
  if (effect.kind === 'stop-stream') return carrier.stopStream(leg, { commandId });
  if (effect.kind === 'transfer' && effect.via?.to === 'supervisor') {
    const number = await deps.handOffs.supervisorNumber(stored.tenantId, effect.via.handOffId);
    if (!number) return { kind: 'refused', code: 'no-supervisor-number' };
    return carrier.transfer(leg, { commandId, to: number.reveal(), ringSecs: policy.transferRingSecs });
  }
  const lines = await deps.clinics.linesOf(stored.tenantId, stored.clinicId).catch((error: unknown) => {
    deps.logger.warn('directory did not answer', { callId: stored.callId, err: error });
    return undefined;
  });
  if (!lines) return { kind: 'unavailable', code: 'directory' };
  switch (effect.kind) {
    case 'transfer': {
      const to = effect.reason === 'emergency' && !effect.via ? lines.emergencyNumber : lines.transferNumber;
      if (to === undefined) return { kind: 'refused', code: 'no-transfer-number' };
      return carrier.transfer(leg, { commandId, to, ringSecs: policy.transferRingSecs });
    }
    case 'answer': {
      const streamUrl = await link(deps, { stored, leg, epoch: stored.call.ownerEpoch, lines });
      return carrier.answer(leg, { commandId, streamUrl, clientState: stored.callId });
    }
    case 'start-stream': {
      // One bidirectional stream per call: an older one that may still be open must go first. When there is none, the
      // carrier's refusal is as good as its consent.
      if (effect.replacing) await carrier.stopStream(leg, { commandId: `${commandId}-stop` });
      const streamUrl = await link(deps, { stored, leg, epoch: effect.epoch, lines });
      return carrier.startStream(leg, { commandId, streamUrl });
    }
    default:
      return effect satisfies never;
  }
}

function link(
  deps: RunCommandDeps,
  { stored, leg, epoch, lines }: { stored: StoredCall; leg: string; epoch: number; lines: Lines },
): Promise<string> {
  const { callId, tenantId, clinicId, traceparent } = stored;
  return deps.links.create({
    ...{ callId, tenantId, clinicId, traceparent, epoch },
    ...streamRole(stored.call, epoch),
    callControlId: leg,
    language: stored.language ?? lines.language,
    attemptId: stored.campaign?.attemptId,
  });
}
