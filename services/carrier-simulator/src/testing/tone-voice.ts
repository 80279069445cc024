import { tone } from '../domain/sound.ts';
import type { CallerVoice } from '../ports/caller-voice.ts';

export { tone };

/** A voice that hums: 50 ms for each letter of the text, at once and without an engine. */
export function createToneVoice(): CallerVoice {
  return {
    speak: (text) => Promise.resolve(tone(text.length * 50)),
    read: () => Promise.resolve(tone(1_000)),
    close: () => Promise.resolve(),
  };
}
