import type { RepeatableResult } from './results.ts';

/** When a recipient is called again after a result. */
export interface RetryRule {
  /** From the end of the call. */
  readonly afterMs: number;
  /** Not before the recipient's next day. */
  readonly nextDay?: boolean;
  /** Whether it is one of the campaign's attempts; what nobody's telephone rang for is none. */
  readonly counted: boolean;
}

/** What the law of a country allows, whatever a campaign is set to. */
export interface CountryRule {
  /** Minutes of the recipient's day; calls are made in `[from, to)`. */
  readonly fromMinute: number;
  readonly toMinute: number;
  /** Calls to one person by all campaigns. */
  readonly perDayMax: number;
  readonly perWeekMax: number;
}

export interface DiallingPolicy {
  readonly retry: Readonly<Record<RepeatableResult, RetryRule>>;
  /** Calls that are not counted and yet fail again and again: after so many the recipient is given up. */
  readonly uncountedMax: number;
  /** By the country of the number (ISO 3166). */
  readonly countries: Readonly<Record<string, CountryRule>>;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/**
 * United States: artificial voices call between 08:00 and 21:00 of the called person's time (47 CFR 64.1200(c)(1)); a
 * health-care provider calls a patient once a day and three times a week at most ((a)(9)(iv)(E)). Busy and unanswered calls
 * were initiated, so they count, and a patient there is called again on the next day at the earliest.
 */
const unitedStates: CountryRule = { fromMinute: 8 * 60, toMinute: 21 * 60, perDayMax: 1, perWeekMax: 3 };

export const defaultPolicy: DiallingPolicy = {
  retry: {
    busy: { afterMs: 10 * minuteMs, counted: true },
    'no-answer': { afterMs: 2 * hourMs, counted: true },
    machine: { afterMs: 4 * hourMs, counted: true },
    'no-input': { afterMs: 2 * hourMs, counted: true },
    'wrong-person': { afterMs: 4 * hourMs, counted: true },
    rejected: { afterMs: 0, nextDay: true, counted: true },
    'cut-off': { afterMs: 10 * minuteMs, counted: true },
    failed: { afterMs: 5 * minuteMs, counted: false },
    lost: { afterMs: minuteMs, counted: false },
    'not-dialled': { afterMs: 0, counted: false },
  },
  uncountedMax: 10,
  countries: {
    US: unitedStates,
    PR: unitedStates,
    VI: unitedStates,
    GU: unitedStates,
    MP: unitedStates,
    AS: unitedStates,
  },
};

/** How the queue works; nothing of it is seen by a recipient. Milliseconds. */
export const queueTimes = {
  /** What was handed to telephony is dialled within this, or not at all. */
  dialWithinMs: 60_000,
  /** Whoever takes a campaign's turn has it for this long. */
  turnLeaseMs: 15_000,
  /** A campaign with nothing to do is looked at again after this at the latest. */
  turnIdleMs: 30_000,
  /** A live call whose end was not heard of is looked up after this, and then again. */
  liveCheckMs: 10 * minuteMs,
  checkAgainMs: minuteMs,
  /** A recipient whose number is in a call waits for this. */
  numberBusyMs: 15_000,
  /** When patients could not be asked for leave. */
  askAgainMs: 30_000,
  registerAgainMs: 60_000,
} as const;
