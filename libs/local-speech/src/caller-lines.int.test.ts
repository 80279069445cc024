import { createRecogniser, createSynthesiser, probeLocalSpeech } from './index.ts';
import type { Expectation } from '@wardline/dialogue-words';

const vocabulary = ['Doctor Anita Sharma', 'Doctor David Brown', 'Cardiology', 'heart doctor'];
const offer: Expectation[] = ['time', 'date', 'yes-no'];
const called: Expectation[] = ['yes-no', 'called-person'];
const change: Expectation[] = ['open', 'date', 'time'];

/** One of every kind that once failed; `npm run eval -- caller` has them all. */
const LINES: readonly (readonly [expects: readonly Expectation[], said: string, heard: string])[] = [
  [['open'], "I'd like to see Doctor Brown", "i'd like to see doctor brown"],
  [
    ['open'],
    'I would like to make an appointment with doctor Sharma please',
    'i would like to make an appointment with doctor sharma please',
  ],
  [['date', 'time'], 'Friday December eleventh', 'friday december eleventh'],
  [['time', 'date'], 'nine thirty AM', 'nine thirty a m'],
  [['time', 'date'], 'ten thirty AM', 'ten thirty a m'],
  [offer, 'two thirty PM', 'two thirty p m'],
  [offer, 'the first one please', 'the first one please'],
  [offer, 'any of them', 'any of them'],
  [change, 'the time', 'the time'],
  [change, 'the doctor', 'the doctor'],
  [['person-name'], 'my name is Peter Morgan', 'my name is peter morgan'],
  [['yes-no'], "yes that's right", "yes that's right"],
  ...(
    [
      'yes, hello?',
      'yes',
      'no',
      'yes it is',
      "yes I'll come",
      'yes I can make it',
      "I can't make it",
      'can we move it',
      'move it please',
      'I need another time',
      'I want to move my appointment',
      'cancel it',
      'cancel it please',
      'I want to cancel my appointment',
      "don't cancel it",
      'stop calling me',
      'do not call me again',
      'please do not call me again',
      'take me off your list',
      'wrong number',
      'no you have the wrong number',
      "she's not here",
      'who is this',
      'a real person please',
      'I want to speak to a person please',
    ] as const
  ).map((said): (typeof LINES)[number] => [called, said, said.toLowerCase().replaceAll(/[,?]/g, '')]),
  [[...offer, 'called-person'], 'stop calling me', 'stop calling me'],
  [[...offer, 'called-person'], 'the second one', 'the second one'],
  [[...offer, 'called-person'], 'cancel it', 'cancel it'],
];

const suite = probeLocalSpeech().ok ? describe : describe.skip;
suite('what simulated callers say', () => {
  const recogniser = createRecogniser({ calendar: false });
  const voice = createSynthesiser({ voice: 'rms' });
  afterAll(() => Promise.all([recogniser.close(), voice.close()]));

  it.each(LINES)('%j: "%s"', async (expects, said, heard) => {
    const speech = await voice.synthesise(said);
    const session = recogniser.open();
    session.listen({ expects, vocabulary });
    session.start();
    session.push(new Int16Array(2400));
    session.push(speech);
    session.push(new Int16Array(2000));
    const result = await session.finish();
    session.close();
    // "I'll" and "I will" are the same to whoever listens.
    const text = result.text.replace('i will', "i'll");
    expect({ ...result, text }).toMatchObject({ text: heard, status: 'confident' });
  });
});
