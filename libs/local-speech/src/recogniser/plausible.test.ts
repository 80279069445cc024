import { isImplausible } from './plausible.ts';
import { buildArpa } from './ngram.ts';
import { baseDictionary } from './base-dictionary.ts';
import { probeLocalSpeech } from '../probe.ts';
import { spokenForm } from '../synthesiser/spoken-form.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const today = { year: 2026, month: 11, day: 21 };

describe('what nobody would say to a clinic', () => {
  it.each([
    ['friday december fourth', false],
    ['friday december fourteenth', true],
    ['friday the fourth of december', false],
    ['thursday the fourth of december', true],
    ['friday january first', false],
    ['friday december twenty fifth at nine forty five a m', false],
    ['monday november thirty first', true],
    ['two thirty a m', true],
    ['ten thirty a m', false],
    ['nine thirty p m', true],
    ['twelve p m', false],
    ['december fourth', false],
    ['yes', false],
  ])('"%s": %s', (text, expected) => {
    expect(isImplausible(text, today)).toBe(expected);
  });

  it('holds no weekday against a date where no calendar is given', () => {
    expect(isImplausible('friday december fourteenth', undefined)).toBe(false);
  });
});

describe('independent pairs', () => {
  /** log10 of P(b | a), by the back-off where the pair is not listed. */
  function logOf(arpa: string, a: string, b: string): number {
    const lines = arpa.split('\n').map((line) => line.split(' '));
    const pair = lines.find((line) => line.length === 4 && line[1] === a && line[2] === b);
    if (pair) return Number(pair[0]);
    const one = (word: string) => lines.find((line) => line.length === 3 && line[1] === word) as string[];
    return Number(one(a)[2]) + Number(one(b)[0]);
  }

  it('are as likely unseen as seen', () => {
    const sentences = [
      ['laura', 'mills'],
      ['peter', 'hill'],
    ];
    const isPair = (a: string, b: string): boolean => 'laura peter'.includes(a) && 'mills hill'.includes(b);
    const learnt = buildArpa(sentences);
    const free = buildArpa(sentences, { independent: isPair });
    expect(logOf(learnt, 'laura', 'mills')).toBeGreaterThan(logOf(learnt, 'laura', 'hill'));
    expect(logOf(free, 'laura', 'mills')).toBeCloseTo(logOf(free, 'laura', 'hill'));
  });
});

describe('words', () => {
  const installed = probeLocalSpeech().ok ? it : it.skip;
  installed('of phrases that need a doctor, or that change a booking, are in the dictionary', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'wardline-dictionary-'));
    const { words } = baseDictionary(folder);
    rmSync(folder, { recursive: true });
    for (const word of ['with', 'see', 'change', 'wrong', 'different', 'earliest'])
      expect(words).toContain(word);
  });

  it('for the halves of the day are named as letters', () => {
    expect(spokenForm('nine thirty AM, two PM, ten a m or 9 a.m.')).toBe(
      'nine thirty A M, two P M, ten A M or 9 A M',
    );
    expect(spokenForm('I am a man of Amsterdam')).toBe('I am a man of Amsterdam');
  });
});
