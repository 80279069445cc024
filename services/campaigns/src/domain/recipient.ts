import type { Attempt } from './attempt.ts';
import type { CountryRule, DiallingPolicy } from './policy.ts';
import { isDecisive, type RecipientResult } from './results.ts';
import { dayStart, nextDayStart, nextOpen, withinLaw, type CallingWindow } from './window.ts';

/** Where a recipient stands. */
export type Standing =
  | { readonly state: 'waiting'; readonly nextCallAtMs: number }
  | { readonly state: 'queued' }
  | { readonly state: 'live' }
  | { readonly state: 'settled'; readonly result: RecipientResult; readonly reason: string };

export interface RecipientFacts {
  /** Oldest first. */
  readonly attempts: readonly Attempt[];
  /** The window must be open in all of them; days are counted in the first. */
  readonly zones: readonly string[];
  readonly country: string;
  /** When the person was dialled by all campaigns, this one included, in any order; what was never dialled is left out. */
  readonly dialledMs: readonly number[];
}

export interface CallLimits {
  readonly window: CallingWindow;
  readonly attemptsMax: number;
  readonly attemptsPerDayMax: number;
}

const WEEK_MS = 7 * 86_400_000;

/**
 * Where a recipient stands, from nothing but their attempts: so it does not matter in which order, or how often, news of
 * them arrives.
 */
export function standingOf(
  facts: RecipientFacts,
  limits: CallLimits,
  policy: DiallingPolicy,
  nowMs: number,
): Standing {
  const { attempts } = facts;
  if (attempts.some((attempt) => attempt.state === 'live')) return { state: 'live' };
  const over = attempts.filter((attempt) => attempt.state === 'over');
  const decided = over.map(({ result }) => result).findLast((result) => isDecisive(result));
  if (decided !== undefined) return { state: 'settled', result: decided, reason: '' };
  if (attempts.some((attempt) => attempt.state === 'queued')) return { state: 'queued' };

  const counted = countedAttempts(attempts, policy);
  if (counted >= limits.attemptsMax) return given(counted, 'attempts-used-up');
  const uncounted = over.filter(({ result }) => result === 'failed' || result === 'lost').length;
  if (uncounted >= policy.uncountedMax) return given(counted, 'calls-fail');

  const last = over.at(-1);
  const at = nextCallAt(facts, limits, policy, last ? notBefore(last, facts.zones, policy) : nowMs, nowMs);
  return at === undefined ? given(counted, 'window-over') : { state: 'waiting', nextCallAtMs: at };
}

/** Calls that the campaign counts. */
export function countedAttempts(attempts: readonly Attempt[], policy: DiallingPolicy): number {
  return attempts.filter(
    (attempt) =>
      attempt.state === 'live' ||
      (attempt.state === 'over' && (isDecisive(attempt.result) || policy.retry[attempt.result].counted)),
  ).length;
}

/**
 * The first instant from `fromMs` on at which the recipient may be called by window, law and the limits per day and week;
 * undefined when there is none left.
 */
export function nextCallAt(
  facts: RecipientFacts,
  limits: CallLimits,
  policy: DiallingPolicy,
  fromMs: number,
  nowMs: number,
): number | undefined {
  const rule = policy.countries[facts.country];
  const window = withinLaw(limits.window, rule);
  const zone = facts.zones[0] ?? 'UTC';
  const own = facts.attempts.flatMap((attempt) => dialledInstants(attempt));
  let at: number | undefined = Math.max(fromMs, nowMs);
  for (;;) {
    at = nextOpen(window, facts.zones, at);
    if (at === undefined) return undefined;
    const allowed = Math.max(
      allowedFrom(own, zone, at, limits.attemptsPerDayMax),
      rule ? allowedByLaw(facts.dialledMs, zone, at, rule) : at,
    );
    if (allowed === at) return at;
    at = allowed;
  }
}

function notBefore(
  last: Extract<Attempt, { state: 'over' }>,
  zones: readonly string[],
  policy: DiallingPolicy,
): number {
  if (isDecisive(last.result)) return last.endedMs;
  const rule = policy.retry[last.result];
  const at = last.endedMs + rule.afterMs;
  return rule.nextDay ? Math.max(at, nextDayStart(zones[0] ?? 'UTC', last.endedMs)) : at;
}

function allowedFrom(dialledMs: readonly number[], zone: string, atMs: number, perDayMax: number): number {
  const today = dayStart(zone, atMs);
  const tomorrow = nextDayStart(zone, atMs);
  const calls = dialledMs.filter((ms) => ms >= today && ms < tomorrow).length;
  return calls >= perDayMax ? tomorrow : atMs;
}

/** A week is any seven days, which is stricter than a week of the calendar. */
function allowedByLaw(
  dialledMs: readonly number[],
  zone: string,
  atMs: number,
  { perDayMax, perWeekMax }: CountryRule,
): number {
  const recent = dialledMs.filter((ms) => ms > atMs - WEEK_MS && ms <= atMs).sort((a, b) => a - b);
  const beyond = recent.length - perWeekMax;
  const weekFrom = beyond >= 0 ? (recent[beyond] ?? atMs) + WEEK_MS : atMs;
  return Math.max(allowedFrom(dialledMs, zone, atMs, perDayMax), weekFrom);
}

/** What never rang does not use up a person's day. */
function dialledInstants(attempt: Attempt): number[] {
  if (attempt.state === 'queued' || attempt.dialledMs === undefined) return [];
  if (attempt.state === 'over' && (attempt.result === 'failed' || attempt.result === 'lost')) return [];
  return [attempt.dialledMs];
}

function given(counted: number, reason: string): Standing {
  return { state: 'settled', result: counted > 0 ? 'not-reached' : 'not-called', reason };
}
