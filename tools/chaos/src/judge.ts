// The judge's own process: reads the evidence, says what it finds as one line of JSON, ends with 1 when something is wrong.
//   node judge.ts '<JudgeConfig as JSON>'
import { writeFileSync } from 'node:fs';
import { check, type Verdict } from './check.ts';
import { gatherEvidence } from './evidence.ts';
import { readKafkaTopics } from './kafka-topics.ts';
import { timingOf, type Timing } from './timing.ts';

export interface JudgeConfig {
  readonly adminUrl: string;
  readonly groups: readonly string[];
  readonly topics: readonly string[];
  readonly kafkaBrokers?: readonly string[];
  readonly evidenceFile?: string;
}

export interface Judgement extends Verdict {
  /** Per group. */
  readonly commitToEffectMs: Readonly<Record<string, Timing>>;
}

const config = JSON.parse(process.argv[2] ?? '') as JudgeConfig;
const { kafkaBrokers, evidenceFile, ...where } = config;
const evidence = await gatherEvidence({
  ...where,
  ...(kafkaBrokers ? { readTopics: () => readKafkaTopics(kafkaBrokers, config.topics) } : {}),
});
if (evidenceFile) writeFileSync(evidenceFile, JSON.stringify(evidence));
const verdict = check(evidence);
const judgement: Judgement = {
  ...verdict,
  commitToEffectMs: Object.fromEntries(
    config.groups.map((group) => [group, timingOf(group, evidence.domain, evidence.effects)]),
  ),
};
process.stdout.write(`${JSON.stringify(judgement)}\n`, () => process.exit(verdict.ok ? 0 : 1));
