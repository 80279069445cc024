// The package ships no types. What we use of it is described by SpeexModule in resampler.ts.
declare module '@echogarden/speex-resampler-wasm' {
  const createSpeexModule: () => Promise<unknown>;
  export default createSpeexModule;
}
