/** What a call is judged by. Shares are whole percent of the patient's turns; flags are 0 or 1. */
export interface Measures {
  readonly responseMsP50: number;
  readonly responseMsMax: number;
  readonly notUnderstoodShare: number;
  readonly interruptionShare: number;
  readonly silences: number;
  readonly secondsToHuman: number;
  readonly abandoned: number;
  readonly nothingHeard: number;
  readonly technicalEnd: number;
  readonly givenUp: number;
  readonly reportMissing: number;
}

export interface ScoreRule {
  /** What takes the points off, as a word for programs. Of several rules with one reason the dearest that holds counts. */
  readonly reason: string;
  readonly measure: keyof Measures;
  /** Holds from this value on. */
  readonly from: number;
  readonly points: number;
}

/**
 * Rules by version. A version that has scored calls is never changed: a better idea is a new version at the end, which
 * scores from then on; `Rebuild` scores earlier calls by it.
 *
 * Thresholds of version 1: people leave about 0.2 s between turns and take one beyond a second for a fault of the line, and
 * the platform's own aim is an answer within 0.9 s (p50) on embedded speech. One misunderstanding in ten turns is repaired
 * in passing; beyond one in four a call is felt as not understanding.
 */
export const scoreRules: readonly { readonly version: number; readonly rules: readonly ScoreRule[] }[] = [
  {
    version: 1,
    rules: [
      { reason: 'slow-answers', measure: 'responseMsP50', from: 1_200, points: 10 },
      { reason: 'slow-answers', measure: 'responseMsP50', from: 2_000, points: 25 },
      { reason: 'long-wait', measure: 'responseMsMax', from: 4_000, points: 5 },
      { reason: 'long-wait', measure: 'responseMsMax', from: 8_000, points: 10 },
      { reason: 'not-understood', measure: 'notUnderstoodShare', from: 10, points: 10 },
      { reason: 'not-understood', measure: 'notUnderstoodShare', from: 25, points: 25 },
      { reason: 'not-understood', measure: 'notUnderstoodShare', from: 50, points: 40 },
      { reason: 'silences', measure: 'silences', from: 2, points: 5 },
      { reason: 'silences', measure: 'silences', from: 4, points: 15 },
      { reason: 'interruptions', measure: 'interruptionShare', from: 25, points: 5 },
      { reason: 'interruptions', measure: 'interruptionShare', from: 50, points: 15 },
      { reason: 'slow-hand-over', measure: 'secondsToHuman', from: 60, points: 10 },
      { reason: 'slow-hand-over', measure: 'secondsToHuman', from: 120, points: 20 },
      { reason: 'abandoned', measure: 'abandoned', from: 1, points: 30 },
      { reason: 'nothing-heard', measure: 'nothingHeard', from: 1, points: 20 },
      { reason: 'given-up', measure: 'givenUp', from: 1, points: 20 },
      { reason: 'technical-end', measure: 'technicalEnd', from: 1, points: 40 },
      { reason: 'report-missing', measure: 'reportMissing', from: 1, points: 20 },
    ],
  },
];

/**
 * Why a call ended, or was passed on, when it was nobody's wish: telephony's words for a call that the carrier stopped
 * speaking of, a transfer that could not be made, and an assistant that failed. The carrier's words for a clearing are no
 * fault.
 */
export const technicalReasons: ReadonlySet<string> = new Set([
  'swept',
  'we-could-not-transfer',
  'platform-failure',
]);
