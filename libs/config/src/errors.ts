export interface ConfigProblem {
  /** Name of the environment variable; `(configuration)` when the problem lies between several. */
  variable: string;
  /** What is wrong, in words. Never the value: it may be a secret. */
  problem: string;
}

/** The configuration cannot be used; the process should not start. Retrying does not help. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'config-invalid';
  readonly retryable = false;
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ variable, problem }) => `  ${variable}: ${problem}`);
    super(['The configuration cannot be used:', ...lines].join('\n'));
    this.problems = problems;
  }
}
