import { callFiguresOf } from './call-figures.ts';
import type { CallFact } from './facts.ts';
import { scoreRules, type Measures } from './score-rules.ts';
import { scoreOf } from './score.ts';

const faultless: Measures = {
  responseMsP50: 700,
  responseMsMax: 1_100,
  notUnderstoodShare: 0,
  interruptionShare: 0,
  silences: 0,
  secondsToHuman: 0,
  abandoned: 0,
  nothingHeard: 0,
  technicalEnd: 0,
  givenUp: 0,
  reportMissing: 0,
};

describe('the score of a call', () => {
  it.each<[Partial<Measures>, number, string[]]>([
    [{}, 100, []],
    [{ responseMsP50: 1_199 }, 100, []],
    [{ responseMsP50: 1_200 }, 90, ['slow-answers']],
    // Of the rules of one reason, the dearest.
    [{ responseMsP50: 2_500, responseMsMax: 4_500 }, 70, ['slow-answers', 'long-wait']],
    [{ notUnderstoodShare: 30, silences: 2 }, 70, ['not-understood', 'silences']],
    [{ abandoned: 1, interruptionShare: 60 }, 55, ['abandoned', 'interruptions']],
    [{ secondsToHuman: 130 }, 80, ['slow-hand-over']],
    [{ technicalEnd: 1, notUnderstoodShare: 100, abandoned: 1, silences: 9 }, 0, expect.any(Array) as never],
  ])('of %j is %i for %j', (measures, score, reasons) => {
    expect(scoreOf({ ...faultless, ...measures })).toEqual({ score, reasons, rulesVersion: 1 });
  });

  it('is given by the newest version of the rules', () => {
    const strict = {
      version: 2,
      rules: [{ reason: 'late', measure: 'responseMsP50', from: 1, points: 99 }],
    } as const;
    expect(scoreOf(faultless, [...scoreRules, strict])).toEqual({
      score: 1,
      reasons: ['late'],
      rulesVersion: 2,
    });
  });

  it.each([
    ['swept', 40],
    ['we-could-not-transfer', 40],
    ['normal_clearing', 0],
    ['we-hung-up', 0],
  ])('takes for the end "%s" %i points off', (endReason, points) => {
    const call = { callId: 'c', clinicId: 'k', campaignId: '', attemptId: '' };
    const facts: CallFact[] = [
      {
        kind: 'call-completed',
        ...call,
        direction: 'inbound',
        outcome: 'booked',
        endReason,
        initiatedAtMs: 0,
        answeredAtMs: 0,
        endedAtMs: 60_000,
        talkMs: 60_000,
      },
      {
        kind: 'conversation-ended',
        callId: 'c',
        clinicId: 'k',
        turns: 4,
        notUnderstood: 0,
        silences: 0,
        interruptions: 0,
        responseMs: [],
        endedAtMs: 60_000,
      },
    ];
    expect(callFiguresOf('c', facts).score?.score).toBe(100 - points);
  });
});

describe('the rules', () => {
  it('have versions in order, thresholds in order, and take off what is worth saying', () => {
    expect(scoreRules.map(({ version }) => version)).toEqual(scoreRules.map((_, at) => at + 1));
    for (const { rules } of scoreRules) {
      for (const rule of rules) {
        expect(rule.points).toBeGreaterThan(0);
        // A worse value never costs less.
        const milder = rules.filter(({ reason, from }) => reason === rule.reason && from < rule.from);
        for (const other of milder) expect(other.points).toBeLessThan(rule.points);
      }
    }
  });
});
