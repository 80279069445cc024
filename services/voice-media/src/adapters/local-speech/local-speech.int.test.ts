import { createRecogniser, createSynthesiser } from '@wardline/local-speech';
import { dialogue } from '@wardline/contracts';
import type { Speech } from '../../compose.ts';
import { MediaRig } from '../../testing/media-rig.ts';
import { createLocalSpeech } from './local-speech.ts';

/**
 * The real engines in the real service: a caller with another voice than the agent's, at the pace of a line, and a
 * recogniser of its own that listens to what the agent says.
 */
let rig: MediaRig<Speech>;
const caller = createSynthesiser({ voice: 'rms' });
const listener = createRecogniser();
const { Expectation, RecognitionStatus } = dialogue;

beforeAll(async () => {
  rig = await MediaRig.start({}, createLocalSpeech({ voice: 'slt' }));
  await Promise.all([caller.ready(), listener.ready()]);
});

afterAll(async () => {
  await rig.stop();
  await Promise.all([caller.close(), listener.close()]);
});

async function transcribe(samples: Int16Array): Promise<string> {
  const session = listener.open();
  session.listen({ expects: ['date', 'time'], vocabulary: [] });
  session.start();
  session.push(samples);
  const { text } = await session.finish();
  session.close();
  return text;
}

it('hears a caller, answers, and is understood itself', async () => {
  rig.brain.onStart = (conversation) => {
    conversation.listen({ expects: [Expectation.DATE, Expectation.TIME] });
  };
  rig.brain.onEvent = (event, conversation) => {
    if (event.case === 'callerTurn') conversation.say('u1', 'Tuesday March the third at two thirty p m.');
  };
  const peer = await rig.call();
  await peer.says(await caller.synthesise('monday at ten a m'));
  await peer.until(() => rig.brain.of('utteranceEnded').length === 1);
  const [turn] = rig.brain.of('callerTurn');
  expect(turn?.text).toBe('monday at ten a m');
  // How sure it is of a synthetic voice is the recogniser's calibration, which has its own tests.
  expect(turn?.status).not.toBe(RecognitionStatus.NOT_UNDERSTOOD);
  expect(rig.brain.of('speechStarted')).toHaveLength(1);
  // Whether the short "the" is heard is a matter of the ear, not of what was played.
  expect(await transcribe(peer.heard())).toMatch(/^tuesday march (the )?third at two thirty p m$/);
  expect(rig.logger.text()).not.toMatch(/monday|tuesday/);
  peer.close();
});

it('stops for an interruption and hears it whole', async () => {
  rig.brain.onStart = (conversation) => {
    conversation.listen({ expects: [Expectation.YES_NO] });
    conversation.say(
      'long',
      'We have Tuesday March the third at two thirty, Wednesday March the fourth at ten, or Thursday at noon. Which would you like?',
    );
  };
  rig.brain.onEvent = () => undefined;
  const before = rig.brain.of('utteranceEnded').length;
  const turns = rig.brain.of('callerTurn').length;
  const peer = await rig.call();
  await peer.until(() => peer.frames.length > 100);
  await peer.says(await caller.synthesise('no thank you'));
  // On a busy machine the voice may be taken for a cough at first and the agent begin again; what counts is how it ends.
  await peer.until(() =>
    rig.brain
      .of('callerTurn')
      .slice(turns)
      .some(({ text }) => text.startsWith('no')),
  );
  expect(peer.clears.length).toBeGreaterThanOrEqual(1);
  const ended = rig.brain.of('utteranceEnded').slice(before);
  expect(ended).toHaveLength(1);
  expect(ended[0]?.heardText).toMatch(/^We have Tuesday/);
  peer.close();
});
