import { concatSamples } from '@wardline/audio';
import { tone } from '@wardline/audio/testing';
import type { SpeechOptions, Synthesiser } from '../api.ts';
import { splitClauses } from '../synthesiser/clauses.ts';

/** Speaks a hum of 60 ms per word at -6 dBFS. `said` records every text in order. */
export class FakeSynthesiser implements Synthesiser {
  readonly said: { readonly text: string; readonly rate: number }[] = [];
  closed = false;

  ready(): Promise<void> {
    return Promise.resolve();
  }

  async synthesise(text: string, options: SpeechOptions = {}): Promise<Int16Array> {
    this.said.push({ text, rate: options.rate ?? 1 });
    return concatSamples(splitClauses(text).map((clause) => this.#hum(clause, options)));
  }

  async *stream(text: string, options: SpeechOptions = {}): AsyncIterable<Int16Array> {
    this.said.push({ text, rate: options.rate ?? 1 });
    for (const clause of splitClauses(text)) yield this.#hum(clause, options);
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }

  #hum(clause: string, options: SpeechOptions): Int16Array {
    const words = clause.split(/\s+/).filter(Boolean).length;
    return tone({ hz: 220, sampleRateHz: 8000, ms: Math.round((60 * words) / (options.rate ?? 1)) });
  }
}
