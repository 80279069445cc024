export { codecOf, decodeAlaw, decodeMulaw, encodeAlaw, encodeMulaw, isG711, type Codec } from './g711.ts';
export { concatSamples, createResampler, type Resampler } from './resampler.ts';
export { FRAME_MS, FRAME_SAMPLES, peakDbfs, rmsDbfs, SAMPLE_RATE_HZ, splitFrames } from './frames.ts';
export { readWav, writeWav, type Sound } from './wav.ts';
