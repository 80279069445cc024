import { readFileSync, writeFileSync } from 'node:fs';
import { decodeMulaw, encodeMulaw } from '@wardline/audio';
import type { Expectation } from '@wardline/dialogue-words';
import { createRecogniser, probeLocalSpeech, type Recognition } from '@wardline/local-speech';
import {
  buildHumanLine,
  clipsFor,
  humanSpeechInstalled,
  SOUNDS_CREDIT,
  SOUNDS_PACKAGE,
} from '../speech/human-lines.mjs';
import { slotsOf, wordErrors } from './spoken-slots.ts';

const WHEN: readonly Expectation[] = ['date', 'time'];
const LINES: readonly (readonly [expects: readonly Expectation[], said: string])[] = [
  [['digits'], 'nine eight seven six five four three two one zero'],
  [['digits'], 'four seven one nine'],
  [['digits'], 'two oh two five five five zero one four three'],
  [['digits'], 'three three eight six zero one'],
  [['digits'], 'seven six one eight four'],
  [['date'], 'wednesday'],
  [['date'], 'tomorrow'],
  [['date'], 'tuesday march twelfth'],
  [['date'], 'wednesday september seventh'],
  [['date'], 'friday june twentieth'],
  [['date'], 'april second'],
  [['time'], 'four thirty p m'],
  [['time'], 'ten fifteen a m'],
  [['time'], 'nine a m'],
  [['time'], 'at two p m'],
  [WHEN, 'tuesday march twelfth at four thirty p m'],
  [WHEN, 'friday june twentieth at ten fifteen a m'],
  [WHEN, 'monday january fifth at nine a m'],
  [WHEN, 'thursday at two p m'],
  [WHEN, 'tomorrow at eleven a m'],
  [WHEN, 'saturday july fourth at eight forty five a m'],
  [WHEN, 'today at five thirty p m'],
  [WHEN, 'november first at seven twenty a m'],
];

export interface SpeechRow {
  readonly source: string;
  readonly said: string;
  readonly heard: string;
  readonly status: Recognition['status'];
  readonly confidence: number;
  readonly wer: number;
  readonly slots: number;
  readonly slotErrors: number;
  readonly finishMs: number;
}

/** As it comes from a carrier: companded, with a little noise, and quiet before and after. */
function overThePhone(line: Int16Array): Int16Array {
  const samples = new Int16Array(line.length + 8 * 600);
  samples.set(line, 8 * 250);
  let state = 7;
  for (let i = 0; i < samples.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    samples[i] = (samples[i] as number) + (state >>> 28) - 8;
  }
  return decodeMulaw(encodeMulaw(samples));
}

/** Audio is handed over at this multiple of real time; at 1 finish() is measured as a call would see it. */
const PACE = 1;
const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Runs every line through the recogniser. Rejects with advice where the speech packages are not installed. */
export async function evaluateSpeech(): Promise<{
  rows: SpeechRow[];
  summary: Record<string, number | string>;
}> {
  const probe = probeLocalSpeech();
  if (!probe.ok) throw new Error(`the recogniser lacks ${probe.missing.join(', ')}: ${probe.command}`);
  if (!humanSpeechInstalled())
    throw new Error(`recordings are missing: apt-get install -y ${SOUNDS_PACKAGE}`);
  // These dates are of no particular year.
  const recogniser = createRecogniser({ calendar: false });
  await recogniser.ready();
  for (const [expects] of LINES) await recogniser.prepare({ expects, vocabulary: [] });
  const session = recogniser.open();
  const rows: SpeechRow[] = [];
  let audioMs = 0;
  const cpu = process.cpuUsage();
  for (const [expects, said] of LINES) {
    const audio = overThePhone(
      buildHumanLine(said.split(' '), { gapMs: expects.includes('digits') ? 120 : 60 }),
    );
    audioMs += audio.length / 8;
    session.listen({ expects, vocabulary: [] });
    session.start();
    for (let at = 0; at < audio.length; at += 160) {
      session.push(audio.subarray(at, at + 160));
      await after(20 / PACE);
    }
    const asked = performance.now();
    const result = await session.finish();
    const finishMs = performance.now() - asked;
    const wanted = Object.entries(slotsOf(said, expects.includes('digits') ? 'digits' : 'when'));
    const found: Record<string, string> = {
      ...slotsOf(result.text, expects.includes('digits') ? 'digits' : 'when'),
    };
    rows.push({
      source: clipsFor(said.split(' ')).join(' '),
      said,
      heard: result.text,
      status: result.status,
      confidence: result.confidence,
      wer: wordErrors(said, result.text) / said.split(' ').length,
      slots: wanted.length,
      slotErrors: wanted.filter(([name, value]) => found[name] !== value).length,
      finishMs,
    });
  }
  const used = process.cpuUsage(cpu);
  session.close();
  await recogniser.close();
  return { rows, summary: summarise(rows, (used.user + used.system) / 1000 / audioMs) };
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

function summarise(rows: readonly SpeechRow[], cpuPerSecond: number): Record<string, number | string> {
  const words = rows.reduce((sum, row) => sum + row.said.split(' ').length, 0);
  const errors = rows.reduce((sum, row) => sum + wordErrors(row.said, row.heard), 0);
  const slots = rows.reduce((sum, row) => sum + row.slots, 0);
  const wrong = rows
    .filter((row) => row.status === 'confident')
    .reduce((sum, row) => sum + row.slotErrors, 0);
  const finish = rows.map((row) => row.finishMs).sort((a, b) => a - b);
  return {
    eval: 'speech',
    recordings: rows.length,
    words,
    wordErrorRate: round(errors / words, 4),
    slots,
    slotErrorRate: round(rows.reduce((sum, row) => sum + row.slotErrors, 0) / slots, 4),
    confident: rows.filter((row) => row.status === 'confident').length,
    confidentlyWrongSlots: wrong,
    finishMsP50: round(finish[finish.length >> 1] as number, 1),
    finishMsP95: round(finish[Math.floor(finish.length * 0.95)] as number, 1),
    cpuSecondsPerAudioSecond: round(cpuPerSecond, 3),
  };
}

export function speechTable(rows: readonly SpeechRow[]): string {
  const lines = rows.map((row) => {
    const slot = `${row.slots - row.slotErrors}/${row.slots}`;
    const heard = row.heard === '' ? '(nothing)' : row.heard;
    return `| ${row.source} | ${row.said} | ${heard} | ${(row.wer * 100).toFixed(0)} % | ${slot} | ${row.status} ${row.confidence.toFixed(2)} |`;
  });
  const head = '| source clips | said | heard | WER | slots right | status |\n|---|---|---|---|---|---|';
  return [head, ...lines].join('\n');
}

const BEGIN = '<!-- eval speech: begin -->';
const END = '<!-- eval speech: end -->';

/** Replaces the part between the markers of a document. Throws when it has none. */
export function writeSpeechReport(file: string, rows: readonly SpeechRow[], summary: object): void {
  const text = readFileSync(file, 'utf8');
  const from = text.indexOf(BEGIN);
  const to = text.indexOf(END);
  if (from < 0 || to < from) throw new Error(`${file} has no place for the table (${BEGIN} … ${END})`);
  const body = `\n\n${speechTable(rows)}\n\nSource of every clip: ${SOUNDS_CREDIT}.\n\n\`${JSON.stringify(summary)}\`\n\n`;
  writeFileSync(file, text.slice(0, from + BEGIN.length) + body + text.slice(to));
}
