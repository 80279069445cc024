import { concatSamples } from '@wardline/audio';
import { createRecogniser, createSynthesiser, createVad, probeLocalSpeech } from './index.ts';
import { describeRecogniser, describeSynthesiser, describeVad } from './testing/index.ts';

const probe = probeLocalSpeech();

describeSynthesiser('Flite', async () => createSynthesiser({ voice: 'slt' }));

describeVad('Silero', async () => {
  const synthesiser = createSynthesiser({ voice: 'rms' });
  const speech = await synthesiser.synthesise('I would like to book an appointment.');
  await synthesiser.close();
  return { vad: createVad(), speech };
});

if (probe.ok) {
  const caller = createSynthesiser({ voice: 'rms' });
  afterAll(() => caller.close());
  const quiet = new Int16Array(2400);
  const say = async (text: string): Promise<Int16Array> =>
    concatSamples([quiet, await caller.synthesise(text), quiet]);

  describeRecogniser('PocketSphinx', async () => ({ recogniser: createRecogniser(), say }));

  describe('PocketSphinx', () => {
    const recogniser = createRecogniser({ workers: 1 });
    const vocabulary = ['Dr. Anita Sharma', 'Dr. David Brown', 'Cardiology', 'heart doctor'];
    afterAll(() => recogniser.close());

    it.each([
      [['date', 'time'], 'tuesday march twelfth at four thirty p m'],
      [['doctor-or-department'], "i'd like to see doctor brown please"],
      [['doctor-or-department'], 'the heart doctor'],
      [['digits'], 'four seven one nine'],
      [['date'], 'i have chest pain'],
    ] as const)('hears under %p: %s', async (expects, text) => {
      const session = recogniser.open();
      session.listen({ expects, vocabulary });
      session.start();
      session.push(await say(text));
      expect((await session.finish()).text).toBe(text);
      session.close();
    });

    it.each(['the quick brown fox jumps over the lazy dog', 'we had spaghetti for dinner', 'refrigerator'])(
      'is not confident about: %s',
      async (text) => {
        const session = recogniser.open();
        session.listen({ expects: ['date', 'time'], vocabulary });
        session.start();
        session.push(await say(text));
        expect((await session.finish()).status).not.toBe('confident');
        session.close();
      },
    );
  });
} else {
  it.skip(`PocketSphinx: needs Debian's ${probe.missing.join(' and ')} (${probe.command})`, () => undefined);
}
