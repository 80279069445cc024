import { readdirSync, readFileSync } from 'node:fs';
import { expected } from './expected-phrases.ts';
import { calledPersonPhrases } from './listening-phrases.ts';

/**
 * The scripts as they come with the platform, as data: people listen for what these say, and an ear that expects other words
 * hears other words.
 */
const folder = new URL('../../../conversation-brain/flows/', import.meta.url);
const flows = readdirSync(folder).map((name) => ({
  name,
  text: readFileSync(new URL(name, folder), 'utf8'),
}));

const spoken: Readonly<Record<string, string>> = {
  'assistant.name': 'the automated assistant of riverside clinic',
  'clinic.name': 'riverside clinic',
  'clinic.phone': '$DIGITS',
  'call.optOut': 'if you want no more of these calls say stop calling me or press nine',
  'patient.name': '$FIRST $LAST',
  'appointment.when': '$DAY $MONTH the $ORDINAL at $TIME',
  'appointment.doctor': 'doctor $FIRST $LAST',
};

/** Every text of a script, wherever it stands, in the words of an ear. */
function textsOf(json: unknown): string[] {
  if (Array.isArray(json)) return json.flatMap(textsOf);
  if (typeof json !== 'object' || json === null) return [];
  return Object.entries(json).flatMap(([key, value]) =>
    key === 'texts' || key === 'again'
      ? Object.values(value as Record<string, string>).map(heardAs)
      : textsOf(value),
  );
}

const heardAs = (text: string): string =>
  text
    .toLowerCase()
    .replace(
      /\{([^}]+)\}/g,
      (all, name: string) => spoken[Object.keys(spoken).find((k) => k.toLowerCase() === name) ?? ''] ?? all,
    )
    .replace(/[.,?!:]/g, '')
    .replace(/\s+/g, ' ')
    .trim();

const listenedFor = new Set(calledPersonPhrases.map((phrase) => phrase.replace(/^\d+ /, '')));

describe('what people who are called listen for', () => {
  it.each(flows)('is what is said: $name', ({ text }) => {
    const texts = textsOf(JSON.parse(text));
    expect(texts.length).toBeGreaterThan(10);
    expect(texts.filter((one) => !listenedFor.has(one))).toEqual([]);
  });

  it.each(Object.entries(expected))('has the question that they answer in it: %s', (_, phrases) => {
    const whole = [...listenedFor].filter((heard) => phrases.some((one) => heard.includes(one)));
    expect(whole).not.toEqual([]);
  });
});
