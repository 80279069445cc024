/** One benchmark of `npm run bench`. A new one is a file beside this and a line in bench.ts. */
export interface Benchmark {
  readonly name: string;
  readonly summary: string;
  /** `options` are those after the name, `--calls 20` as `{ calls: '20' }`. @returns figures, printed as JSON at the end */
  run(
    options: Readonly<Record<string, string | undefined>>,
    say: (line: string) => void,
  ): Promise<BenchmarkResult>;
}

export interface BenchmarkResult {
  /** False when the run did not measure what it should have; the command then ends with 1. */
  readonly ok: boolean;
  readonly figures: Readonly<Record<string, unknown>>;
}
