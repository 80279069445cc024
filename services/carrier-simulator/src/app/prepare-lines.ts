import { createComfortNoise, mix, mumble, tone, voicedSpan } from '../domain/sound.ts';
import type { CallerVoice } from '../ports/caller-voice.ts';
import type { Scenario, ScenarioStep } from '../scenario/scenario.ts';

/** A line ready to be sent: synthesising in mid-call would put the simulator's own delay into the figures. */
export interface PreparedLine {
  readonly text: string;
  readonly samples: Int16Array;
  readonly firstVoicedSample: number;
  readonly lastVoicedSample: number;
}

export class LineUnusable extends Error {
  readonly code = 'line-unusable';
}

/** @throws LineUnusable when a line has no sound */
export async function prepareLines(
  scenario: Scenario,
  voice: CallerVoice,
): Promise<ReadonlyMap<number, PreparedLine>> {
  const lines = new Map<number, PreparedLine>();
  for (const [index, step] of scenario.steps.entries()) {
    const clean = await soundOf(step, voice, scenario.seed + index);
    if (!clean) continue;
    const span = voicedSpan(clean.samples);
    if (!span) throw new LineUnusable(`step "${step.id}" has nothing audible in it`);
    const noisy =
      step.noise > 0
        ? mix(
            clean.samples,
            createComfortNoise(scenario.seed + 1_000 + index, step.noise)(clean.samples.length),
          )
        : clean.samples;
    lines.set(index, {
      text: clean.text,
      samples: noisy,
      firstVoicedSample: span.firstSample,
      lastVoicedSample: span.lastSample,
    });
  }
  return lines;
}

async function soundOf(step: ScenarioStep, voice: CallerVoice, seed: number) {
  if (step.say !== undefined) return { text: step.say, samples: await voice.speak(step.say, step.pace) };
  if (step.mumble !== undefined) {
    return { text: '(mumbles)', samples: mumble(await voice.speak(step.mumble, step.pace), seed) };
  }
  if (step.tone !== undefined) return { text: '(a tone)', samples: tone(step.tone.ms, step.tone.hz) };
  if (step.audio !== undefined) {
    return {
      text: step.human ?? `(recording ${step.id})`,
      samples: await voice.read(Buffer.from(step.audio, 'base64')),
    };
  }
  if (step.human !== undefined)
    throw new LineUnusable(`step "${step.id}": a recorded line must arrive as audio`);
  return undefined;
}
