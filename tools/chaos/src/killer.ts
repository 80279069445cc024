import { setTimeout as pause } from 'node:timers/promises';
import { createRandom, type Random } from './random.ts';

/** Something that can be broken, and comes back. */
export interface Target {
  readonly kind: string;
  /** How many times it comes up among one round of all targets. */
  readonly weight: number;
  /**
   * Breaks it. Resolves with who it was as soon as it is broken, undefined when there was nothing to break, and with a
   * promise for when it is whole again.
   */
  breakIt(random: Random): Promise<{ who: string; whole: Promise<unknown> } | undefined>;
}

export interface Kill {
  readonly kind: string;
  readonly who: string;
  /** Since the drill began. */
  readonly atMs: number;
  /** Until it was whole again; absent when it never was. */
  readonly backMs?: number;
}

/**
 * The order of a round: every kind once, shuffled, so that a short run has seen them all; then what weighs more, again; then
 * the next round. Two runs of one seed break the same things in the same order.
 */
export function* deal(random: Random, targets: readonly Target[]): Generator<Target, never> {
  for (;;) {
    yield* random.shuffled(targets);
    yield* random.shuffled(targets.flatMap((target) => Array<Target>(target.weight - 1).fill(target)));
  }
}

/** Generous: on a machine that is busy with other things a broker takes its time. */
const WHOLE_MS_MAX = 120_000;

/** Breaks things until the signal; resolves when all of them are whole again. */
export async function runKiller(o: {
  targets: readonly Target[];
  seed: number;
  pauseMs: { min: number; max: number };
  until: AbortSignal;
  onKill: (kill: Kill) => void;
  now: () => number;
}): Promise<Kill[]> {
  const kills: Kill[] = [];
  const recoveries: Promise<void>[] = [];
  const random = createRandom(o.seed);
  let dealt = 0;
  for (const target of deal(random, o.targets)) {
    dealt += 1;
    const abort = { signal: o.until };
    // Aborted: the drill is over, which the next line sees.
    await pause(random.between(o.pauseMs.min, o.pauseMs.max), undefined, abort).catch(() => undefined);
    if (o.until.aborted) break;
    const atMs = o.now();
    const broken = await target.breakIt(createRandom(o.seed + dealt * 7_919)); // Its own: the schedule must not depend on what it does.
    if (!broken) continue;
    recoveries.push(
      (async () => {
        const isWhole = await within(broken.whole, WHOLE_MS_MAX);
        const kill: Kill = {
          ...{ kind: target.kind, who: broken.who, atMs: Math.round(atMs) },
          ...(isWhole ? { backMs: Math.round(o.now() - atMs) } : {}),
        };
        kills.push(kill);
        o.onKill(kill);
      })(),
    );
  }
  await Promise.all(recoveries);
  return kills.sort((a, b) => a.atMs - b.atMs);
}

async function within(work: Promise<unknown>, ms: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), ms);
  try {
    return await Promise.race([
      work.then(
        () => true,
        () => false,
      ),
      late.promise,
    ]);
  } finally {
    clearTimeout(timer);
  }
}
