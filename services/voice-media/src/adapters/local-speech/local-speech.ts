import {
  createRecogniser,
  createSynthesiser,
  createVad,
  probeLocalSpeech,
  type Recogniser,
  type Synthesiser,
  type Vad,
} from '@wardline/local-speech';
import { splitClauses } from '../../domain/clauses.ts';
import { phrases } from '../../app/phrases.ts';
import type { Speech, Transcriber, VoiceSynthesiser } from '../../ports/speech.ts';

export class LocalSpeechMissing extends Error {
  readonly code = 'local-speech-missing';
  readonly command: string;

  constructor(missing: readonly string[], command: string) {
    super(`embedded speech lacks ${missing.join(', ')}; install with: ${command}`);
    this.command = command;
  }
}

/** @throws LocalSpeechMissing with the one command that would install what is not there */
export function createLocalSpeech(o: { voice: 'slt' | 'rms' }): Speech {
  const probe = probeLocalSpeech();
  if (!probe.ok) throw new LocalSpeechMissing(probe.missing, probe.command);
  const vad = createVad();
  const recogniser = createRecogniser();
  const synthesiser = createSynthesiser({ voice: o.voice });
  return {
    voiceActivity: vad,
    transcriber: transcriberOver(recogniser),
    synthesiser: withPhrases(synthesiser),
    warmUp: () => warmUp({ vad, recogniser, synthesiser }),
    close: async () => {
      await Promise.all([vad.close(), recogniser.close(), synthesiser.close()]);
    },
  };
}

function transcriberOver(recogniser: Recogniser): Transcriber {
  return {
    open(callId) {
      const session = recogniser.open({ callId });
      return {
        expect: (settings) => session.listen(settings),
        begin: () => session.start(),
        push: (samples) => session.push(samples),
        onPartial: (listener) => session.onPartial(listener),
        finish: async () => {
          const { text, confidence, status, alternatives } = await session.finish();
          // The embedded recogniser ranks its other readings, but has no figure for each.
          return {
            text,
            confidence,
            status,
            alternatives: alternatives.map((other) => ({ text: other, confidence: 0 })),
          };
        },
        abort: () => session.abort(),
        close: () => session.close(),
      };
    },
  };
}

/** What every call may need at once is made once. */
function withPhrases(synthesiser: Synthesiser): VoiceSynthesiser {
  const fixed = new Set(
    Object.values(phrases).flatMap((phrase) => splitClauses(phrase).map(({ text }) => text)),
  );
  const made = new Map<string, Promise<Int16Array>>();
  return {
    synthesise(text, { rate }) {
      if (rate !== 1 || !fixed.has(text)) return synthesiser.synthesise(text, { rate });
      const known = made.get(text) ?? synthesiser.synthesise(text, { rate });
      made.set(text, known);
      known.catch(() => made.delete(text));
      return known;
    },
  };
}

/** Loads every model and runs each engine once: the first run of each pays for what the later ones have. */
async function warmUp(o: { vad: Vad; recogniser: Recogniser; synthesiser: Synthesiser }): Promise<void> {
  await Promise.all([o.vad.ready(), o.recogniser.ready(), o.synthesiser.ready()]);
  const voice = await o.synthesiser.synthesise(phrases.thinking, { rate: 1 });
  await o.recogniser.prepare({ expects: ['open'], vocabulary: [] });
  const session = o.recogniser.open({ callId: 'warm-up' });
  session.listen({ expects: ['open'], vocabulary: [] });
  session.start();
  session.push(voice);
  await session.finish();
  session.close();
  await judgeOnce(o.vad, voice);
}

function judgeOnce(vad: Vad, voice: Int16Array): Promise<void> {
  return new Promise((resolve) => {
    const stream = vad.open();
    stream.onProbability(() => {
      stream.close();
      resolve();
    });
    stream.push(voice.subarray(0, 2_560));
  });
}
