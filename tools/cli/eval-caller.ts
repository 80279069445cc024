import {
  createRecogniser,
  createSynthesiser,
  probeLocalSpeech,
  type Recognition,
} from '@wardline/local-speech';
import { overTheLine } from './caller-audio.ts';
import { callerLines, vocabularyAt, type CallerLine } from './caller-lines.ts';
import { sameMeaning } from './caller-meaning.ts';

const VOICES = ['rms', 'slt'] as const;
/** A call has about so many turns; each call starts with a line that nothing is known of. */
const TURNS_PER_CALL = 8;

export interface CallerRow {
  readonly voice: string;
  readonly kind: string;
  readonly question: string;
  readonly said: string;
  readonly heard: string;
  readonly status: Recognition['status'];
  readonly confidence: number;
  /** The dialogue reads the same in what was heard as in what was said. */
  readonly right: boolean;
  readonly finishMs: number;
}

/** Neighbouring lines of a call should not be alike: a stride through the list that visits every line once. */
function shuffled(lines: readonly CallerLine[]): (readonly [line: CallerLine, index: number])[] {
  return lines
    .map((line, index) => [line, index, (index * 7919) % lines.length] as const)
    .sort((a, b) => a[2] - b[2])
    .map(([line, index]) => [line, index]);
}

/**
 * Says every `every`-th line in both voices over a telephone line and hears it as a call would: in the recogniser's worker,
 * in frames of 20 ms, under the listening that the dialogue asks for at that question.
 */
export async function evaluateCaller(o: { every?: number } = {}): Promise<CallerRow[]> {
  const probe = probeLocalSpeech();
  if (!probe.ok) throw new Error(`the recogniser lacks ${probe.missing.join(', ')}: ${probe.command}`);
  const recogniser = createRecogniser();
  await recogniser.ready();
  const lines = shuffled(callerLines()).filter((_, i) => i % (o.every ?? 1) === 0);
  const rows: CallerRow[] = [];
  for (const voice of VOICES) {
    const synthesiser = createSynthesiser({ voice });
    let call = recogniser.open();
    for (const [i, [line, seed]] of lines.entries()) {
      const audio = overTheLine(await synthesiser.synthesise(line.said), seed + 1);
      if (i % TURNS_PER_CALL === 0) {
        call.close();
        call = recogniser.open();
      }
      const listening = { expects: line.expects, vocabulary: vocabularyAt(line.clinic) };
      await recogniser.prepare(listening);
      call.listen(listening);
      call.start();
      for (let at = 0; at < audio.length; at += 160) call.push(audio.subarray(at, at + 160));
      // Answered after all the audio has been heard: finish() is timed as at the end of a real turn.
      await recogniser.prepare(listening);
      const asked = performance.now();
      const { text, status, confidence } = await call.finish();
      rows.push({
        voice,
        kind: line.kind,
        question: line.question,
        said: line.said,
        heard: text,
        status,
        confidence,
        right: text !== '' && sameMeaning(line.said, text, line),
        finishMs: performance.now() - asked,
      });
    }
    call.close();
    await synthesiser.close();
  }
  await recogniser.close();
  return rows;
}

const percent = (part: number, whole: number): string =>
  `${((100 * part) / Math.max(1, whole)).toFixed(0)} %`;
const isWrong = (row: CallerRow): boolean => row.status === 'confident' && !row.right;

export function callerTable(rows: readonly CallerRow[]): string {
  const head =
    '| what is said | voice | n | right, confident | right, unsure | wrong, confident | wrong, unsure | rejected |';
  const kinds = [...new Set(rows.map(({ kind }) => kind))];
  const lines = [...kinds, 'all'].flatMap((kind) =>
    VOICES.map((voice) => {
      const of = rows.filter((row) => row.voice === voice && (kind === 'all' || row.kind === kind));
      const count = (status: string, right?: boolean): number =>
        of.filter((row) => row.status === status && (right === undefined || row.right === right)).length;
      const sure = count('confident', true);
      return `| ${[kind, voice, of.length, `${sure} (${percent(sure, of.length)})`, count('unsure', true), count('confident', false), count('unsure', false), count('not-understood')].join(' | ')} |`;
    }),
  );
  return [head, '|---|---|---|---|---|---|---|---|', ...lines].join('\n');
}

/** The lines to worry about, the dangerous ones first. */
export function callerProblems(rows: readonly CallerRow[]): string {
  const show = (row: CallerRow): string =>
    `  ${row.voice}, ${row.question}: "${row.said}" heard as "${row.heard}" ${row.confidence.toFixed(2)}`;
  return [
    'Wrong and confident:',
    ...rows.filter(isWrong).map(show),
    'Rejected or unsure:',
    ...rows.filter((row) => row.status !== 'confident').map(show),
  ].join('\n');
}

export function callerSummary(rows: readonly CallerRow[]): Record<string, number | string> {
  const finish = rows.map((row) => row.finishMs).sort((a, b) => a - b);
  const share = (of: readonly CallerRow[]): number => Number((of.length / rows.length).toFixed(4));
  return {
    eval: 'caller',
    lines: rows.length,
    rightAndConfident: share(rows.filter((row) => row.right && row.status === 'confident')),
    rightButUnsure: share(rows.filter((row) => row.right && row.status === 'unsure')),
    wrongAndConfident: share(rows.filter(isWrong)),
    rejected: share(rows.filter((row) => row.status === 'not-understood')),
    finishMsP50: Number((finish[finish.length >> 1] ?? 0).toFixed(1)),
    finishMsP95: Number((finish[Math.floor(finish.length * 0.95)] ?? 0).toFixed(1)),
  };
}
