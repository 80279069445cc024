#!/usr/bin/env node
// Spoken lines from recorded human speech, for callers in scenarios and for measuring the recogniser. The clips are the
// Asterisk core sounds (Debian package asterisk-core-sounds-en-wav: one professional speaker, Allison Smith; Digium,
// CC-BY-SA-3.0). They are joined here and never committed: the package has to be installed where this runs.
//
//   node tools/speech/human-lines.mjs <folder> "tuesday march twelfth at four thirty p m" ["..."]   one WAV per line
//   node tools/speech/human-lines.mjs --words                                                       what can be said
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const SOUNDS_FOLDER = '/usr/share/asterisk/sounds/en_US_f_Allison';
export const SOUNDS_PACKAGE = 'asterisk-core-sounds-en-wav';
export const SOUNDS_CREDIT = 'Asterisk core sounds (Allison Smith; Digium), CC-BY-SA-3.0';
export const SAMPLE_RATE_HZ = 8000;

const UNITS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const TEENS = 'eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(' ');
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const ORDINALS = (
  'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth ' +
  'sixteenth seventeenth eighteenth nineteenth twentieth'
).split(' ');
const MONTHS = 'january february march april may june july august september october november december'.split(
  ' ',
);
const DAYS = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ');
const clip = (name) => `digits/${name}`;

/** Word → clip, relative to the sounds folder, without ending. */
const CLIPS = new Map([
  ...[...UNITS, ...TEENS].map((word, i) => [word, clip(i)]),
  ...TENS.map((word, i) => [word, clip((i + 2) * 10)]),
  ...ORDINALS.map((word, i) => [word, clip(`h-${i + 1}`)]),
  ['thirtieth', clip('h-30')],
  ...MONTHS.map((word, i) => [word, clip(`mon-${i}`)]),
  ...DAYS.map((word, i) => [word, clip(`day-${i}`)]),
  ...['hundred', 'thousand', 'oh', 'at', 'today', 'tomorrow', 'yesterday'].map((word) => [word, clip(word)]),
  ['a m', clip('a-m')],
  ['p m', clip('p-m')],
  ["o'clock", clip('oclock')],
  ...['hello', 'goodbye', 'for', 'with', 'hours', 'minutes', 'cancelled', 'transfer', 'sorry'].map((word) => [
    word,
    word,
  ]),
]);

export const humanWords = () => [...CLIPS.keys()];
export const humanSpeechInstalled = (folder = SOUNDS_FOLDER) => existsSync(path.join(folder, 'digits/1.wav'));

/** "at", "four", "p", "m" → clip names. Throws naming the words that nobody has recorded. */
export function clipsFor(words) {
  const names = [];
  const unknown = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i].toLowerCase();
    const pair = `${word} ${words[i + 1]?.toLowerCase()}`;
    if (CLIPS.has(pair)) {
      names.push(CLIPS.get(pair));
      i++;
    } else if (CLIPS.has(word)) names.push(CLIPS.get(word));
    else unknown.push(word);
  }
  if (unknown.length > 0) throw new Error(`no recording of: ${unknown.join(', ')} (see --words)`);
  return names;
}

/** The samples of an 8 kHz, 16-bit mono WAV file, which is what the package consists of. */
function samplesOf(file) {
  const bytes = readFileSync(file);
  for (let at = 12; at + 8 <= bytes.length;) {
    const size = bytes.readUInt32LE(at + 4);
    if (bytes.toString('latin1', at, at + 4) === 'data') {
      const length = Math.min(size, bytes.length - at - 8) >> 1;
      return Int16Array.from({ length }, (_, i) => bytes.readInt16LE(at + 8 + 2 * i));
    }
    at += 8 + size + (size & 1);
  }
  throw new Error(`${file} holds no audio`);
}

const QUIET = 300;
const EDGE = (SAMPLE_RATE_HZ * 15) / 1000;

/** Without the silence around the word, so that the gaps between words are ours. */
function trimmed(samples) {
  let first = samples.findIndex((sample) => Math.abs(sample) > QUIET);
  let last = samples.findLastIndex((sample) => Math.abs(sample) > QUIET);
  if (first < 0) [first, last] = [0, samples.length - 1];
  return samples.slice(Math.max(0, first - EDGE), last + EDGE);
}

/**
 * One line of recorded human speech: 8 kHz mono, peak at -6 dBFS, no silence at the ends. `gapMs` stands between words:
 * 60 ms is someone who speaks plainly; digits sound natural with more.
 */
export function buildHumanLine(words, { gapMs = 60, folder = SOUNDS_FOLDER } = {}) {
  if (!humanSpeechInstalled(folder)) {
    throw new Error(
      `recorded speech needs the Debian package ${SOUNDS_PACKAGE}: apt-get install -y ${SOUNDS_PACKAGE}`,
    );
  }
  const clips = clipsFor(words).map((name) => trimmed(samplesOf(path.join(folder, `${name}.wav`))));
  const gap = (SAMPLE_RATE_HZ * gapMs) / 1000;
  const line = new Int16Array(clips.reduce((sum, samples) => sum + samples.length + gap, -gap));
  let at = 0;
  for (const samples of clips) {
    line.set(samples, at);
    at += samples.length + gap;
  }
  const peak = line.reduce((max, sample) => Math.max(max, Math.abs(sample)), 1);
  return line.map((sample) => Math.round((sample * 16422) / peak));
}

/** A WAV file (8 kHz, 16 bit, mono) around samples. */
export function wavFile(samples) {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.length * 2, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(SAMPLE_RATE_HZ, 24);
  header.writeUInt32LE(SAMPLE_RATE_HZ * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.length * 2, 40);
  return Buffer.concat([header, Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)]);
}

function main([folder, ...lines]) {
  if (folder === '--words') {
    process.stdout.write(`${humanWords().join('\n')}\n`);
    return;
  }
  if (!folder || lines.length === 0) {
    process.stderr.write('usage: human-lines.mjs <folder> "line of words" ... | --words\n');
    process.exitCode = 2;
    return;
  }
  mkdirSync(folder, { recursive: true });
  for (const line of lines) {
    const file = path.join(folder, `${line.toLowerCase().replace(/[^a-z]+/g, '-')}.wav`);
    const words = line.trim().split(/\s+/);
    writeFileSync(file, wavFile(buildHumanLine(words)));
    process.stdout.write(`${file}  ${clipsFor(words).join(' ')}  ${SOUNDS_CREDIT}\n`);
  }
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url))
  main(process.argv.slice(2));
