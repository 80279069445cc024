import type { CallerVoice } from '../ports/caller-voice.ts';

export function tone(ms: number, hz = 440, amplitude = 8000): Int16Array {
  return Int16Array.from({ length: ms * 8 }, (_, i) =>
    Math.round(Math.sin((2 * Math.PI * hz * i) / 8000) * amplitude),
  );
}

/** A voice that hums: 50 ms for each letter of the text, at once and without an engine. */
export function createToneVoice(): CallerVoice {
  return {
    speak: (text) => Promise.resolve(tone(text.length * 50)),
    read: () => Promise.resolve(tone(1_000)),
    close: () => Promise.resolve(),
  };
}
