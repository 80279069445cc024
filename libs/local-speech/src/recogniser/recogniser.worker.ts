// PocketSphinx for several calls. Native calls block, so they happen only here; requests are served in order.
import { parentPort, workerData } from 'node:worker_threads';
import { createResampler } from '@wardline/audio';
import { baseDictionary } from './base-dictionary.ts';
import { DecoderSession } from './decoder-session.ts';
import { decoderOptions, PHONE_BAND_TRANSFORM, phoneBandModel } from './model-folder.ts';
import type { Day } from './plausible.ts';
import { Decoder } from './pocketsphinx.ts';
import type { RecogniserReply, RecogniserRequest, RecogniserSetup } from './protocol.ts';
import { LoadedSearches, SearchShelf } from './searches.ts';

const port = parentPort;
if (!port) throw new Error('recogniser.worker runs in a worker thread only');
const reply = (message: RecogniserReply): void => port.postMessage(message);

/** Decoders kept for the next call. Making one takes 40 ms, during which the other calls of this worker wait. */
const SPARE_MAX = 4;
const { cacheDir, calendar } = workerData as RecogniserSetup;

/** The machine's own day. Around midnight it may be the neighbouring one of a clinic's, which weekdays of dates survive. */
function today(): Day | undefined {
  if (!calendar) return undefined;
  const now = new Date();
  return { year: now.getFullYear(), month: now.getMonth() + 1, day: now.getDate() };
}

const dictionary = baseDictionary(cacheDir);
const model = phoneBandModel(cacheDir);
const shelf = new SearchShelf(cacheDir, dictionary.words);
const spare: { decoder: Decoder; searches: LoadedSearches }[] = [];
const sessions = new Map<number, DecoderSession>();

function takeDecoder(): { decoder: Decoder; searches: LoadedSearches } {
  const used = spare.pop();
  if (used) return used;
  const start = shelf.get({ expects: ['open'], vocabulary: [] });
  const decoder = new Decoder(decoderOptions(model, dictionary.file, start.modelFile), PHONE_BAND_TRANSFORM);
  return { decoder, searches: new LoadedSearches(decoder) };
}

async function openSession(id: number): Promise<void> {
  const { decoder, searches } = takeDecoder();
  const session = new DecoderSession(decoder, searches, await createResampler(8000, 16000), shelf, today);
  sessions.set(id, session);
}

async function serve(request: RecogniserRequest): Promise<void> {
  if (request.kind === 'prepare') {
    shelf.get(request.listening);
    reply({ kind: 'prepared', id: request.id });
    return;
  }
  if (request.kind === 'open') return openSession(request.session);
  const session = sessions.get(request.session);
  if (!session) throw new Error('no such session');
  switch (request.kind) {
    case 'listen':
      return session.listen(request.listening);
    case 'start':
      return session.start(request.utterance);
    case 'push': {
      const text = session.push(request.samples);
      const { utterance } = session;
      if (text !== undefined) reply({ kind: 'partial', session: request.session, utterance, text });
      return;
    }
    case 'finish':
      reply({ kind: 'recognised', id: request.id, recognition: session.finish() });
      return;
    case 'abort':
      return session.abort();
    case 'close': {
      sessions.delete(request.session);
      const parts = session.release();
      if (spare.length < SPARE_MAX) spare.push(parts);
      else parts.decoder.free();
      return;
    }
    default:
      request satisfies never;
  }
}

let queue = Promise.resolve();
port.on('message', (request: RecogniserRequest) => {
  queue = queue
    .then(() => serve(request))
    .catch((error: unknown) =>
      reply({ kind: 'failed', id: 'id' in request ? request.id : undefined, message: String(error) }),
    );
});

// One decoder is there before the first call.
spare.push(takeDecoder());
reply({ kind: 'ready' });
