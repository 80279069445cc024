import { createRecogniser, LocalSpeechError, type RecogniserSession } from '@wardline/local-speech';
import type { Logger } from '@wardline/observability';
import type { CallerEar, Expecting } from '../ports/caller-ear.ts';
import { calledPersonPhrases } from '../people/listening-phrases.ts';
import { createDeafEar } from './deaf-ear.ts';
import { receptionistPhrases } from './receptionist-phrases.ts';

/** On a busy machine the last word may take seconds; a person would have answered by then. */
const thinkingMsMax: Readonly<Record<Expecting, number>> = {
  'a-receptionist': 1_000,
  // Whoever is called is told more at once, and is in no hurry to answer.
  'their-hospital': 5_000,
};

/**
 * The caller's own recogniser, in the simulator's process: what it hears is the line's audio, codec and all, never the
 * platform's text. Where no engine is installed the caller is deaf and goes by timing alone.
 */
export function createRecognisingEar(logger: Logger): CallerEar {
  try {
    return recognising(logger);
  } catch (error) {
    if (!(error instanceof LocalSpeechError)) throw error;
    logger.warn('callers cannot hear words, they go by timing', { err: error });
    return createDeafEar();
  }
}

function recognising(logger: Logger): CallerEar {
  const recogniser = createRecogniser({ workers: 1 });
  const listenings = {
    'a-receptionist': listeningFor(receptionistPhrases),
    'their-hospital': listeningFor(calledPersonPhrases),
  } as const satisfies Record<Expecting, object>;
  const usable = new Set<Expecting>();
  recogniser
    .ready()
    .then(async () => {
      for (const expecting of ['a-receptionist', 'their-hospital'] as const) {
        await recogniser.prepare(listenings[expecting]);
        usable.add(expecting);
      }
    })
    .catch((error: unknown) => logger.warn('callers cannot hear words, they go by timing', { err: error }));

  return {
    open(expecting) {
      let session: RecogniserSession | undefined;
      const opened = () => {
        if (!session && usable.has(expecting)) {
          session = recogniser.open();
          session.listen(listenings[expecting]);
        }
        return session;
      };
      return {
        begin: () => opened()?.start(),
        push: (samples) => session?.push(samples),
        async finish() {
          if (!session) return '';
          // The recogniser's judgement is tuned to callers and withholds what it doubts; a person on the phone goes by
          // what they think they heard, and the comparison with what they wait for is tolerant.
          const soFar = session.partial();
          try {
            const text = await Promise.race([
              session.finish().then((r) => r.text),
              afterMs(thinkingMsMax[expecting]),
            ]);
            return text === undefined || text === '' ? soFar : text;
          } catch (error) {
            logger.warn('a caller did not hear the agent', { err: error });
            return '';
          }
        },
        close: () => session?.close(),
      };
    },
    close: () => recogniser.close(),
  };
}

const afterMs = (ms: number) => new Promise<undefined>((resolve) => setTimeout(resolve, ms, undefined));

const listeningFor = (sentences: readonly string[]) => ({
  expects: [],
  vocabulary: wordsIn(sentences),
  sentences,
});

/** Named as vocabulary, so that the engine learns how each of them sounds. */
function wordsIn(sentences: readonly string[]): string[] {
  return [...new Set(sentences.flatMap((s) => s.split(' ')).filter((w) => /^[a-z']+$/.test(w)))];
}
