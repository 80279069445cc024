import type { Resampler } from '@wardline/audio';
import type { Listening, Recognition } from '../api.ts';
import { judge, type Heard } from './confidence.ts';
import type { Decoder } from './pocketsphinx.ts';
import type { Day } from './plausible.ts';
import type { LoadedSearches, Search, SearchShelf } from './searches.ts';

/** A partial result is looked at this often; asking costs a walk back through the search. */
const PARTIAL_EVERY_SAMPLES = 8000 * 0.2;
/** Longer utterances are cut: nobody answers a question for half a minute, and the search's memory grows with time. */
const UTTERANCE_SAMPLES_MAX = 8000 * 30;
/** Looked through for one that makes more sense; of a lattice this size it takes a millisecond. */
const ALTERNATIVES_MAX = 9;

/** One call's decoder: streams audio into it and judges what comes out. */
export class DecoderSession {
  readonly #decoder: Decoder;
  readonly #searches: LoadedSearches;
  readonly #resampler: Resampler;
  readonly #shelf: SearchShelf;
  readonly #today: () => Day | undefined;
  #search: Search;
  /** The search of the present utterance; `listen` may already have chosen the next one. */
  #active: Search;
  #samples: number | undefined;
  #sincePartial = 0;
  #partial = '';
  utterance = 0;

  constructor(
    decoder: Decoder,
    searches: LoadedSearches,
    resampler: Resampler,
    shelf: SearchShelf,
    today: () => Day | undefined = () => undefined,
  ) {
    this.#today = today;
    this.#decoder = decoder;
    this.#searches = searches;
    this.#resampler = resampler;
    this.#shelf = shelf;
    this.#search = shelf.get({ expects: ['open'], vocabulary: [] });
    this.#active = this.#search;
    decoder.resetLine();
  }

  listen(listening: Listening): void {
    this.#search = this.#shelf.get(listening);
    // Read once here (20 ms), so that the end of an utterance need not.
    this.#shelf.seenBy(this.#search);
    // Loading takes 3–30 ms; doing it now keeps it out of the caller's first words.
    if (this.#samples === undefined) this.#searches.use(this.#search);
  }

  start(utterance: number): void {
    this.abort();
    this.utterance = utterance;
    this.#active = this.#search;
    this.#searches.use(this.#active);
    this.#decoder.start();
    this.#samples = 0;
    this.#sincePartial = 0;
    this.#partial = '';
  }

  /** The new partial text when it changed, otherwise undefined. */
  push(samples: Int16Array): string | undefined {
    if (this.#samples === undefined || this.#samples > UTTERANCE_SAMPLES_MAX) return undefined;
    this.#samples += samples.length;
    this.#sincePartial += samples.length;
    this.#decoder.push(this.#resampler.process(samples));
    if (this.#sincePartial < PARTIAL_EVERY_SAMPLES) return undefined;
    this.#sincePartial = 0;
    const { text } = this.#decoder.hypothesis();
    if (text === this.#partial) return undefined;
    this.#partial = text;
    return text;
  }

  finish(): Recognition {
    const heard = this.hear();
    return judge(
      heard ?? { text: '', segments: [], posterior: 0, alternatives: [] },
      this.#shelf.seenBy(this.#active),
      this.#today(),
    );
  }

  /** Ends the utterance and returns the engine's own account of it, unjudged. Calibration looks at this. */
  hear(): Heard | undefined {
    if (this.#samples === undefined) return undefined;
    const heard = this.#samples;
    this.#samples = undefined;
    this.#decoder.push(this.#resampler.flush());
    this.#decoder.end();
    const { text } = this.#decoder.hypothesis();
    if (heard === 0 || text === '') return undefined;
    return {
      text,
      posterior: this.#decoder.posterior(),
      segments: this.#decoder.segments(),
      alternatives: this.#decoder.readings(ALTERNATIVES_MAX + 1).filter((reading) => reading !== text),
    };
  }

  abort(): void {
    if (this.#samples === undefined) return;
    this.#samples = undefined;
    this.#resampler.flush();
    this.#decoder.end();
  }

  /** Hands the decoder back for the next call; nothing of this one is left in it. */
  release(): { decoder: Decoder; searches: LoadedSearches } {
    this.abort();
    this.#resampler.close();
    return { decoder: this.#decoder, searches: this.#searches };
  }
}
