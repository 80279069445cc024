import type { Logger } from '@wardline/observability';
import type { CallEvent } from '../domain/call.ts';
import { policy } from '../domain/policy.ts';
import { isStreamInDoubt } from '../domain/transition.ts';
import type { CallKey, CallStore, CommandKey } from '../ports/call-store.ts';
import type { CarrierControl } from '../ports/carrier-control.ts';
import type { Clock } from '../ports/clock.ts';
import type { OpenStreams } from '../ports/open-streams.ts';
import type { CallChanges } from './change-call.ts';

/** More than one sweep handles is handled by the next, two seconds later. */
const BATCH = 200;
const BATCH_AT_START = 10_000;
const AT_ONCE = 8;
const CLAIM_MS = 10_000;

export interface SweepDeps {
  readonly store: CallStore;
  readonly changes: CallChanges;
  readonly runCommand: (key: CommandKey) => Promise<void>;
  readonly expireHandOffs: (limit: number) => Promise<void>;
  readonly carrier: CarrierControl;
  /** Absent where nobody can be asked: then every stream from before a start is replaced. */
  readonly openStreams: OpenStreams | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Repairs what webhooks, timers and a crashed process left undone: due commands are run, due calls woken, and the
 * carrier is asked about calls that have gone quiet. With `all` it asks about every call that is not over: done once
 * after a start, because nobody knows what was missed while this service was down.
 */
export function createSweep(deps: SweepDeps): (o?: { all?: boolean }) => Promise<void> {
  const { store, clock, logger } = deps;
  const restartedAt = clock.now();

  return async ({ all = false } = {}) => {
    const now = clock.now();
    const limit = all ? BATCH_AT_START : BATCH;
    const checks = await store.claimChecks({ now, nextAt: now + CLAIM_MS, all, limit });
    const commands = await store.dueCommands(now, limit);
    const wakes = await store.dueWakes(now, limit);
    await eachOf(commands, (key) => guarded('run a due command', () => deps.runCommand(key)));
    await eachOf(wakes, (key) => guarded('wake a call', () => deps.changes.wake(key)));
    await guarded('end offers that ran out', () => deps.expireHandOffs(limit));
    await eachOf(checks, (key) => guarded('check a call', () => check(key)));
    await guarded('purge webhook marks', () => store.purge(1_000));
  };

  async function check(key: CallKey): Promise<void> {
    const stored = await store.read(key);
    if (!stored) return;
    const leg = stored.callControlId;
    // The carrier has not named the leg: there is nothing to ask about. The call itself knows how long that is bearable.
    if (leg === null) return deps.changes.wake(key);
    const status = await deps.carrier.status(leg);
    if (status.kind === 'unknown') return onSilentCarrier(key, status.code);
    const { call } = stored;
    const streamIsOpen =
      status.kind !== 'gone' &&
      isStreamInDoubt(call, restartedAt) &&
      ((await deps.openStreams?.isOpen(key, call.ownerEpoch)) ?? false);
    const at = clock.now();
    if (status.kind === 'gone')
      logger.warn('swept: the carrier knows the call no more', { callId: key.callId });
    const event: CallEvent =
      status.kind === 'gone'
        ? { type: 'seen-gone', at }
        : { type: 'seen-alive', at, restartedAt, streamIsOpen };
    await deps.changes.change(key, { at, decide: () => [event] });
  }

  async function onSilentCarrier(key: CallKey, code: string): Promise<void> {
    const at = clock.now();
    await deps.changes.change(key, {
      at,
      carrierSilent: true,
      checkBy: at + CLAIM_MS,
      decide: ({ unreachableSince, checkFailures }) => {
        logger.warn('carrier cannot be asked about a call', { callId: key.callId, code, checkFailures });
        const since = unreachableSince ?? at;
        return at - since >= policy.unreachableMs ? [{ type: 'given-up', at }] : [];
      },
    });
  }

  /** One call's trouble must not keep the sweeper from the others. */
  async function guarded(name: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      logger.error('sweep step failed', { step: name, err: error });
    }
  }
}

async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  const worker = async () => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker));
}
