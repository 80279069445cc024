import { scoreRules, type Measures, type ScoreRule } from './score-rules.ts';

export interface Score {
  /** 0 to 100; 100 is a call without fault. */
  readonly score: number;
  /** What took points off, the dearest first. */
  readonly reasons: readonly string[];
  readonly rulesVersion: number;
}

export function scoreOf(measures: Measures, table = scoreRules): Score {
  const newest = table.at(-1);
  if (!newest) throw new RangeError('no rules');
  const dearest = new Map<string, ScoreRule>();
  for (const rule of newest.rules) {
    if (measures[rule.measure] < rule.from) continue;
    const known = dearest.get(rule.reason);
    if (!known || known.points < rule.points) dearest.set(rule.reason, rule);
  }
  const faults = [...dearest.values()].sort((a, b) => b.points - a.points || (a.reason < b.reason ? -1 : 1));
  const lost = faults.reduce((sum, { points }) => sum + points, 0);
  return {
    score: Math.max(0, 100 - lost),
    reasons: faults.map(({ reason }) => reason),
    rulesVersion: newest.version,
  };
}
