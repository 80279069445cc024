import { existsSync } from 'node:fs';
import { buildLanguageModel, listeningKey } from './recogniser/language-model.ts';
import { guessPronunciation } from './recogniser/letter-to-sound.ts';
import { buildArpa } from './recogniser/ngram.ts';
import { Pronunciations } from './recogniser/pronunciations.ts';
import { SeenSequences } from './recogniser/seen-sequences.ts';
import { sortVocabulary, wordsOf } from './recogniser/vocabulary.ts';
import { judge } from './recogniser/confidence.ts';
import { probeLocalSpeech, SPHINX_MODEL } from './probe.ts';
import { splitClauses } from './synthesiser/clauses.ts';
import { ClipCache } from './synthesiser/clip-cache.ts';
import { normalisePeak, trimSilence } from './synthesiser/level.ts';
import { WindowQueue } from './vad/window-queue.ts';

describe('the trigram model', () => {
  const arpa = buildArpa([['yes'], ['yes', 'please'], ['no'], ['no', 'thank', 'you']]);
  const entries = new Map(
    arpa
      .split('\n')
      .filter((line) => /^-?\d/.test(line))
      .map((line): [string, [number, number]] => {
        const [p, ...rest] = line.split(' ');
        const back = /^-?\d/.test(rest.at(-1) as string) ? Number(rest.pop()) : 0;
        return [rest.join(' '), [10 ** Number(p), 10 ** back]];
      }),
  );
  const words = ['yes', 'no', 'please', 'thank', 'you', '</s>'];
  const probability = (context: string, word: string): number =>
    entries.get(`${context} ${word}`)?.[0] ??
    (entries.get(context)?.[1] ?? 1) * (entries.get(word)?.[0] ?? 0);

  it.each(['<s>', 'yes', 'no', 'thank'])(
    'gives the followers of "%s" probabilities that add up to one',
    (context) => {
      // Witten-Bell interpolated: seen words hold their share of the lower order too, so what backs off is at most that.
      const seen = words.filter((word) => entries.has(`${context} ${word}`));
      const sum = seen.reduce((total, word) => total + probability(context, word), 0);
      expect(sum).toBeGreaterThan(0.4);
      expect(words.reduce((total, word) => total + probability(context, word), 0)).toBeCloseTo(1, 1);
    },
  );
});

describe('the language model of a listening', () => {
  const vocabulary = ['Dr. Anita Sharma', 'Cardiology', 'heart doctor'];
  it('is the same for the same listening in any order', () => {
    const one = buildLanguageModel({ expects: ['date', 'time'], vocabulary });
    const two = buildLanguageModel({ expects: ['date', 'time'], vocabulary });
    expect(one.arpa).toBe(two.arpa);
    expect(listeningKey({ expects: ['time', 'date'], vocabulary: [...vocabulary].reverse() })).toBe(one.key);
    expect(listeningKey({ expects: ['date'], vocabulary })).not.toBe(one.key);
  });

  it.each(['yes-no', 'date', 'time', 'person-name', 'digits', 'doctor-or-department', 'open'] as const)(
    'always has emergencies, a person, repeat and cancel: %s',
    (expectation) => {
      const { words } = buildLanguageModel({ expects: [expectation], vocabulary });
      const needed =
        'chest pain breathe bleeding stroke unconscious suicide person operator repeat slower cancel yes no';
      expect(words).toEqual(expect.arrayContaining(needed.split(' ')));
    },
  );

  it('has the clinic’s own words where they are asked for', () => {
    const { arpa } = buildLanguageModel({ expects: ['doctor-or-department'], vocabulary });
    expect(arpa).toContain('doctor sharma');
    expect(arpa).toContain('heart doctor');
  });
});

describe('vocabulary', () => {
  it('is split into doctors and what one can ask for', () => {
    expect(sortVocabulary(['Dr. Anita Sharma', 'David Brown', 'General Medicine', 'ENT'])).toEqual({
      doctors: ['anita sharma', 'david brown'],
      topics: ['general medicine', 'ent'],
    });
    expect(wordsOf("Dr. José O'Neill-Smith")).toEqual(['doctor', 'jose', "o'neill", 'smith']);
  });
});

describe('pronunciation', () => {
  it.each([
    ['sharma', 'SH AA R M AH'],
    ['wilson', 'W IH L S AH N'],
    ['phipps', 'F IH P S'],
  ])('guesses %s as %s', (word, phones) => expect(guessPronunciation(word)).toBe(phones));

  const dictionary = `${SPHINX_MODEL}/cmudict-en-us.dict`;
  (existsSync(dictionary) ? it : it.skip)(
    'guesses at most 20 % of the phones of a dictionary sample wrong',
    () => {
      const known = Pronunciations.fromFile(dictionary);
      const distance = (a: readonly string[], b: readonly string[]): number => {
        let row = Array.from({ length: b.length + 1 }, (_, i) => i);
        a.forEach((phone, i) => {
          const next = [i + 1];
          b.forEach((other, j) => {
            const changed = (row[j] as number) + (phone === other ? 0 : 1);
            next.push(Math.min(changed, (row[j + 1] as number) + 1, (next[j] as number) + 1));
          });
          row = next;
        });
        return row.at(-1) as number;
      };
      let wrong = 0;
      let total = 0;
      [...known.words()].forEach((word, i) => {
        if (i % 97 !== 0 || !/^[a-z]+$/.test(word)) return;
        const guess = guessPronunciation(word).split(' ');
        wrong += Math.min(...known.of(word).map((phones) => distance(phones.split(' '), guess)));
        total += known.of(word)[0]?.split(' ').length ?? 0;
      });
      expect(wrong / total).toBeLessThan(0.2);
    },
  );
});

describe('confidence', () => {
  const seen = SeenSequences.parse('\\2-grams:\n-1 <s> yes 0\n-1 yes </s> 0\n\\3-grams:\n-1 <s> yes </s>\n');
  const word = (posterior: number, acoustic: number) => ({
    word: 'yes',
    first: 10,
    last: 49,
    posterior,
    acoustic,
  });
  const heard = { text: 'yes', posterior: -1, alternatives: [] };

  it('trusts a word without rivals that fits the sound and the phrases', () => {
    expect(judge({ ...heard, segments: [word(0, -120)] }, seen).status).toBe('confident');
  });

  it('is never confident of what nobody would say', () => {
    const night = ['two', 'a', 'm'].map((one) => ({ ...word(0, -120), word: one }));
    const said = SeenSequences.parse(
      '\\2-grams:\n-1 <s> two 0\n-1 two a 0\n-1 a m 0\n-1 m </s> 0\n\\3-grams:\n-1 <s> two a\n-1 two a m\n-1 a m </s>\n',
    );
    expect(judge({ ...heard, text: 'two a m', segments: night }, said).status).not.toBe('confident');
  });

  it('gives no text for what it does not understand', () => {
    const result = judge({ ...heard, text: 'maybe', segments: [{ ...word(-9, -500), word: 'maybe' }] }, seen);
    expect(result).toMatchObject({ text: '', status: 'not-understood' });
  });

  it('sees any two names as a pair that may be', () => {
    const names = SeenSequences.parse(
      '\\2-grams:\n-1 <s> maria 0\n-1 maria garcia 0\n-1 garcia </s> 0\n\\3-grams:\n',
    );
    expect(names.unseen(['david', 'brown']).pairs).toBe(0);
    expect(names.unseen(['brown', 'yes']).pairs).toBeGreaterThan(0);
  });
});

describe('synthesis helpers', () => {
  it('cuts a text where a speaker pauses, and loses no word', () => {
    const text = 'Hello, this is the clinic. How can I help you, please? Yes.';
    expect(splitClauses(text)).toEqual(['Hello, this is the clinic.', 'How can I help you, please?', 'Yes.']);
    expect(splitClauses(text).join(' ')).toBe(text);
    expect(splitClauses(' ')).toEqual([]);
  });

  it('trims silence to at most 60 ms and brings the peak to -6 dBFS', () => {
    const audio = new Int16Array(8000);
    audio.fill(3000, 3000, 5000);
    const trimmed = trimSilence(audio);
    expect(trimmed.length).toBeLessThanOrEqual(2000 + 2 * 480);
    expect(Math.max(...normalisePeak(trimmed))).toBe(16423);
    expect(trimSilence(new Int16Array(500)).length).toBe(0);
  });

  it('keeps the clips used last within its bound', () => {
    const cache = new ClipCache(300);
    for (const key of ['a', 'b', 'c']) cache.put(key, new Int16Array(100));
    cache.get('a');
    cache.put('d', new Int16Array(100));
    expect(['a', 'b', 'c', 'd'].map((key) => cache.get(key) !== undefined)).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });
});

describe('the VAD’s window queue', () => {
  it('drops the oldest audio when nobody takes it', () => {
    const queue = new WindowQueue();
    queue.push(new Int16Array(256 * 100));
    let windows = 0;
    let first = 0;
    while (queue.hasWindow) {
      const end = queue.takeInto(new Float32Array(256), 0);
      if (windows++ === 0) first = end;
    }
    expect(windows).toBe(64);
    expect(first).toBe(256 * 37);
  });
});

describe('the probe', () => {
  it('names what is missing and the command that installs it', () => {
    expect(probeLocalSpeech(() => false)).toEqual({
      ok: false,
      missing: ['libpocketsphinx3', 'pocketsphinx-en-us'],
      command: 'apt-get install -y --no-install-recommends libpocketsphinx3 pocketsphinx-en-us',
    });
    expect(probeLocalSpeech(() => true)).toEqual({ ok: true, missing: [], command: '' });
  });
});
