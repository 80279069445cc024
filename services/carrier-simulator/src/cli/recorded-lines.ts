import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeWav } from '@wardline/audio';
import { checkout } from './running-copy.ts';

interface HumanLines {
  buildHumanLine(
    text: string,
  ): { samples: Int16Array; sampleRateHz: number } | Promise<{ samples: Int16Array; sampleRateHz: number }>;
}

/** Gives each step with a `human` text the sound of it, joined from recordings. @throws Error naming what is missing */
export async function withRecordedLines(scenario: Record<string, unknown>): Promise<Record<string, unknown>> {
  const steps = scenario['steps'];
  if (!Array.isArray(steps) || !steps.some((s) => typeof s === 'object' && s !== null && 'human' in s))
    return scenario;
  const file = path.join(checkout, 'tools/speech/human-lines.mjs');
  if (!existsSync(file))
    throw new Error('recorded speech is not available: tools/speech/human-lines.mjs is missing');
  const { buildHumanLine } = (await import(pathToFileURL(file).href)) as HumanLines;
  return {
    ...scenario,
    steps: await Promise.all(
      steps.map(async (step: Record<string, unknown>) => {
        if (typeof step['human'] !== 'string') return step;
        const sound = await buildHumanLine(step['human']);
        return { ...step, audio: Buffer.from(writeWav(sound)).toString('base64') };
      }),
    ),
  };
}
