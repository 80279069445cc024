import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkout } from './running-copy.ts';

interface HumanLines {
  buildHumanLine(words: readonly string[]): Int16Array;
  wavFile(samples: Int16Array): Uint8Array;
}

/** Gives each step with a `human` text the sound of it, joined from recordings. @throws Error naming what is missing */
export async function withRecordedLines(scenario: Record<string, unknown>): Promise<Record<string, unknown>> {
  const steps = scenario['steps'];
  if (!Array.isArray(steps) || !steps.some((s) => typeof s === 'object' && s !== null && 'human' in s))
    return scenario;
  const file = path.join(checkout, 'tools/speech/human-lines.mjs');
  if (!existsSync(file))
    throw new Error('recorded speech is not available: tools/speech/human-lines.mjs is missing');
  const { buildHumanLine, wavFile } = (await import(pathToFileURL(file).href)) as HumanLines;
  return {
    ...scenario,
    steps: steps.map((step: Record<string, unknown>) => {
      if (typeof step['human'] !== 'string') return step;
      // "AM" is two letters in one recording, called "a m".
      const words = step['human'].split(' ').map((word) => (/^[AP]M$/.test(word) ? `${word[0]} m` : word));
      const spoken = words.map((word) => word.toLowerCase());
      return { ...step, audio: Buffer.from(wavFile(buildHumanLine(spoken))).toString('base64') };
    }),
  };
}
