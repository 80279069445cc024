import type { DomainRow, EffectRow } from './check.ts';

export interface Timing {
  /** From an event's commit to the commit of its first effect, milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** The longest time in which the group made no effect while events were happening. */
  readonly longestStallMs: number;
}

/** How long a group's effects took, outages included. */
export function timingOf(group: string, domain: readonly DomainRow[], effects: readonly EffectRow[]): Timing {
  const firstAt = new Map<string, number>();
  for (const effect of effects) {
    if (effect.group !== group) continue;
    firstAt.set(effect.eventId, Math.min(firstAt.get(effect.eventId) ?? Infinity, effect.committedAt));
  }
  const waits = domain
    .flatMap((row) => {
      const at = firstAt.get(row.eventId);
      return at === undefined ? [] : [Math.max(0, at - row.committedAt)];
    })
    .sort((a, b) => a - b);
  const quantile = (q: number): number =>
    round(waits[Math.min(waits.length - 1, Math.floor(q * waits.length))] ?? 0);
  return {
    p50: quantile(0.5),
    p99: quantile(0.99),
    max: quantile(1),
    longestStallMs: round(stall(domain, firstAt)),
  };
}

function stall(domain: readonly DomainRow[], firstAt: ReadonlyMap<string, number>): number {
  const happened = domain.map((row) => row.committedAt).sort((a, b) => a - b);
  const from = happened[0];
  const until = happened.at(-1);
  if (from === undefined || until === undefined) return 0;
  const times = [...firstAt.values()].filter((at) => at > from && at < until).sort((a, b) => a - b);
  let longest = 0;
  let before = from;
  for (const at of [...times, until]) {
    longest = Math.max(longest, at - before);
    before = at;
  }
  return longest;
}

const round = (ms: number): number => Math.round(ms * 10) / 10;
