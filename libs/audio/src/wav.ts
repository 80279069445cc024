import wavefile from 'wavefile';

/** Mono 16-bit audio with its rate. */
export interface Sound {
  readonly sampleRateHz: number;
  readonly samples: Int16Array;
}

/**
 * Reads a WAV file: PCM of any depth, mu-law and A-law become 16-bit; of several channels the first is taken.
 * Throws with the library's message when it is no WAV file.
 */
export function readWav(bytes: Uint8Array): Sound {
  const file = new wavefile.WaveFile(bytes);
  if (file.bitDepth === '8m') file.fromMuLaw();
  else if (file.bitDepth === '8a') file.fromALaw();
  else if (file.bitDepth === '4') file.fromIMAADPCM();
  if (file.bitDepth !== '16') file.toBitDepth('16');
  const { sampleRate, numChannels } = file.fmt as { sampleRate: number; numChannels: number };
  const all = file.getSamples(true, Int16Array as unknown as typeof Float64Array) as unknown as Int16Array;
  const samples = numChannels === 1 ? all : all.filter((_, index) => index % numChannels === 0);
  return { sampleRateHz: sampleRate, samples };
}

/** A 16-bit mono WAV file. */
export function writeWav(sound: Sound): Uint8Array {
  const file = new wavefile.WaveFile();
  // The library takes any array of numbers; its typings say array.
  file.fromScratch(1, sound.sampleRateHz, '16', sound.samples as unknown as number[]);
  return file.toBuffer();
}
