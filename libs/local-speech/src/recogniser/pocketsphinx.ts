import koffi from 'koffi';
import { POCKETSPHINX_LIBRARY, SPHINXBASE_LIBRARY } from '../probe.ts';

/**
 * The few functions of PocketSphinx (5prealpha, as Debian packages it) that we use, through koffi. All of them block;
 * only the recogniser's worker loads this file. Signatures are from pocketsphinx.h, cmd_ln.h and cmn.h of that version.
 */
type Pointer = unknown;

function bind() {
  const sphinx = koffi.load(POCKETSPHINX_LIBRARY);
  const base = koffi.load(SPHINXBASE_LIBRARY);
  return {
    args: sphinx.func('void *ps_args()'),
    parseOptions: base.func(
      'void *cmd_ln_parse_r(void *inout, void *defn, int argc, const char **argv, int strict)',
    ),
    freeOptions: base.func('int cmd_ln_free_r(void *config)'),
    logTo: base.func('void err_set_logfp(void *stream)'),
    init: sphinx.func('void *ps_init(void *config)'),
    free: sphinx.func('int ps_free(void *ps)'),
    startStream: sphinx.func('int ps_start_stream(void *ps)'),
    startUtterance: sphinx.func('int ps_start_utt(void *ps)'),
    process: sphinx.func(
      'int ps_process_raw(void *ps, const int16_t *data, size_t n, int noSearch, int whole)',
    ),
    endUtterance: sphinx.func('int ps_end_utt(void *ps)'),
    hypothesis: sphinx.func('const char *ps_get_hyp(void *ps, _Out_ int *score)'),
    posterior: sphinx.func('int ps_get_prob(void *ps)'),
    segments: sphinx.func('void *ps_seg_iter(void *ps)'),
    nextSegment: sphinx.func('void *ps_seg_next(void *segment)'),
    segmentWord: sphinx.func('const char *ps_seg_word(void *segment)'),
    segmentFrames: sphinx.func('void ps_seg_frames(void *segment, _Out_ int *first, _Out_ int *last)'),
    segmentScore: sphinx.func(
      'int ps_seg_prob(void *seg, _Out_ int *acoustic, _Out_ int *language, _Out_ int *back)',
    ),
    nbest: sphinx.func('void *ps_nbest(void *ps)'),
    nbestNext: sphinx.func('void *ps_nbest_next(void *nbest)'),
    nbestText: sphinx.func('const char *ps_nbest_hyp(void *nbest, _Out_ int *score)'),
    nbestFree: sphinx.func('void ps_nbest_free(void *nbest)'),
    loadLanguageModel: sphinx.func('int ps_set_lm_file(void *ps, const char *name, const char *path)'),
    loadPhoneLoop: sphinx.func('int ps_set_allphone_file(void *ps, const char *name, const char *path)'),
    useSearch: sphinx.func('int ps_set_search(void *ps, const char *name)'),
    dropSearch: sphinx.func('int ps_unset_search(void *ps, const char *name)'),
    addWord: sphinx.func('int ps_add_word(void *ps, const char *word, const char *phones, int update)'),
    readMllr: sphinx.func('void *ps_mllr_read(const char *path)'),
    applyMllr: sphinx.func('void *ps_update_mllr(void *ps, void *mllr)'),
    features: sphinx.func('void *ps_get_feat(void *ps)'),
    setMean: base.func('void cmn_live_set(void *cmn, const float *mean)'),
    getMean: base.func('void cmn_live_get(void *cmn, _Out_ float *mean)'),
  };
}

let bound: ReturnType<typeof bind> | undefined;
const library = (): ReturnType<typeof bind> => (bound ??= bind());

/** `feat_t.cmn_struct` on 64-bit systems, counted from feat.h; checked against the known mean before it is trusted. */
const CMN_OFFSET = 88;
const CEPSTRA = 13;
/** The posterior and all scores are logarithms to this base (PocketSphinx's default). */
export const LOG_BASE = Math.log(1.0001);

export interface Segment {
  readonly word: string;
  /** First and last frame (10 ms each), both included. Silence the engine cut out is not counted. */
  readonly first: number;
  readonly last: number;
  /** Natural logarithms: acoustic score (relative to the best senone of each frame) and posterior of the word. */
  readonly acoustic: number;
  readonly posterior: number;
}

export class Decoder {
  #ps: Pointer;
  readonly #cmn: Pointer | undefined;
  readonly #initialMean: Float32Array;

  /** Throws when the model cannot be loaded. `options` are PocketSphinx's own, without the dash. */
  constructor(options: Readonly<Record<string, string | number>>, mllrPath: string | undefined) {
    const lib = library();
    const argv = [
      'wardline',
      ...Object.entries(options).flatMap(([name, value]) => [`-${name}`, String(value)]),
    ];
    const config = lib.parseOptions(null, lib.args(), argv.length, argv, 1) as Pointer;
    if (!config) throw new Error('PocketSphinx does not accept these options');
    this.#ps = lib.init(config) as Pointer;
    // The decoder keeps its own reference to the options.
    lib.freeOptions(config);
    if (!this.#ps) throw new Error('PocketSphinx could not load its model');
    if (mllrPath) {
      const transform = lib.readMllr(mllrPath) as Pointer;
      if (!transform) throw new Error('PocketSphinx could not read the phone-band transform');
      lib.applyMllr(this.#ps, transform);
    }
    const mean = new Float32Array(CEPSTRA);
    this.#cmn = this.#findMean(mean);
    this.#initialMean = mean;
  }

  addWord(word: string, phones: string): void {
    // A word that is there already is refused with -1, which is as good.
    library().addWord(this.#ps, word, phones, 0);
  }

  loadLanguageModel(name: string, path: string): void {
    if (library().loadLanguageModel(this.#ps, name, path) < 0)
      throw new Error('PocketSphinx refused the language model');
  }

  loadPhoneLoop(name: string, path: string): void {
    if (library().loadPhoneLoop(this.#ps, name, path) < 0)
      throw new Error('PocketSphinx refused the phone model');
  }

  use(name: string): void {
    if (library().useSearch(this.#ps, name) < 0) throw new Error('PocketSphinx has no such search');
  }

  drop(name: string): void {
    library().dropSearch(this.#ps, name);
  }

  /** Forgets the line of the call before: the running mean of its spectrum and its noise floor. */
  resetLine(): void {
    library().startStream(this.#ps);
    if (this.#cmn) library().setMean(this.#cmn, this.#initialMean);
  }

  start(): void {
    library().startUtterance(this.#ps);
  }

  /** 16 kHz samples. */
  push(samples: Int16Array): void {
    library().process(this.#ps, samples, samples.length, 0, 0);
  }

  end(): void {
    library().endUtterance(this.#ps);
  }

  /** The best words and the natural logarithm of their total score. Empty text when nothing fits. */
  hypothesis(): { readonly text: string; readonly score: number } {
    const score = [0];
    const text = library().hypothesis(this.#ps, score) as string | null;
    return { text: text ?? '', score: (score[0] as number) * LOG_BASE };
  }

  /** Natural logarithm of the hypothesis' share among all that the lattice holds. */
  posterior(): number {
    return (library().posterior(this.#ps) as number) * LOG_BASE;
  }

  segments(): Segment[] {
    const lib = library();
    const found: Segment[] = [];
    for (let at = lib.segments(this.#ps) as Pointer; at; at = lib.nextSegment(at) as Pointer) {
      const first = [0];
      const last = [0];
      const acoustic = [0];
      lib.segmentFrames(at, first, last);
      const posterior = lib.segmentScore(at, acoustic, [0], [0]) as number;
      found.push({
        word: lib.segmentWord(at) as string,
        first: first[0] as number,
        last: last[0] as number,
        acoustic: (acoustic[0] as number) * LOG_BASE,
        posterior: posterior * LOG_BASE,
      });
    }
    return found;
  }

  /** Up to `max` different readings, best first. */
  readings(max: number): string[] {
    const lib = library();
    const found = new Set<string>();
    let at = lib.nbest(this.#ps) as Pointer;
    // The same words come back with other timings, so more entries are looked at than are wanted.
    for (let looked = 0; at && found.size < max && looked < max * 10; looked++) {
      const text = lib.nbestText(at, [0]) as string | null;
      if (text) found.add(text);
      at = lib.nbestNext(at) as Pointer;
    }
    if (at) lib.nbestFree(at);
    return [...found];
  }

  free(): void {
    if (!this.#ps) return;
    library().free(this.#ps);
    this.#ps = undefined;
  }

  /** The engine's running cepstral mean, and its starting value in `mean`; undefined when it is not where we think. */
  #findMean(mean: Float32Array): Pointer | undefined {
    const features = library().features(this.#ps) as Pointer;
    if (!features) return undefined;
    const size = koffi.decode(features, 16, 'int') as number;
    if (size !== CEPSTRA) return undefined;
    const cmn = koffi.decode(features, CMN_OFFSET, 'void *') as Pointer;
    if (!cmn || (koffi.decode(cmn, 28, 'int') as number) !== CEPSTRA) return undefined;
    library().getMean(cmn, mean);
    return cmn;
  }
}
