import { parse } from 'yaml';

/** What the checks read of a container's description; the schema has looked at all of it before. */
export interface Container {
  image?: string;
  build?: { context: string; target: string; args?: Record<string, string> };
  command?: string[];
  environment?: Record<string, string | number>;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
  networks?: string[];
  network_mode?: string;
  ports?: string[];
  profiles?: string[];
  restart?: string;
  volumes?: string[];
}

export interface ComposeFile {
  services: Record<string, Container>;
  networks: Record<string, { internal?: boolean } | null>;
  volumes: Record<string, unknown>;
}

/** A variable that must be set is not. The message is the one that `docker compose` gives. */
export class VariableMissing extends Error {
  readonly variable: string;

  constructor(variable: string, advice: string) {
    super(`required variable ${variable} is missing a value: ${advice}`);
    this.variable = variable;
  }
}

const VARIABLE = /\$(?:\$|\{(\w+)(?:(:?[-?+])([^}]*))?\}|(\w+))/g;

/**
 * The Compose Specification's interpolation, as far as our file uses it: `$$`, `$X`, `${X}`, and `${X:-default}`, `${X:?advice}`,
 * `${X:+instead}` with or without the colon. No defaults within defaults.
 */
export function interpolate(text: string, env: Readonly<Record<string, string | undefined>>): string {
  return text.replaceAll(VARIABLE, (all, braced?: string, operator?: string, word = '', bare?: string) => {
    const name = braced ?? bare;
    if (name === undefined) return '$';
    const value = env[name];
    const given = operator?.startsWith(':') ? Boolean(value) : value !== undefined;
    switch (operator?.at(-1)) {
      case '-':
        return given ? (value ?? '') : word;
      case '+':
        return given ? word : '';
      case '?':
        if (!given) throw new VariableMissing(name, word);
        return value ?? '';
      case undefined:
        return value ?? '';
      default:
        throw new SyntaxError(`not understood: ${all}`);
    }
  });
}

/** The file with its anchors and merges resolved and, given an environment, with its variables replaced. */
export function readCompose(text: string, env?: Readonly<Record<string, string | undefined>>): ComposeFile {
  const file: unknown = parse(text, { merge: true });
  return (env ? interpolated(file, env) : file) as ComposeFile;
}

function interpolated(value: unknown, env: Readonly<Record<string, string | undefined>>): unknown {
  if (typeof value === 'string') return interpolate(value, env);
  if (Array.isArray(value)) return value.map((item) => interpolated(item, env));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, interpolated(inner, env)]));
}

/** `.env` as our own command writes it: names and plain values. */
export function readDotEnv(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .split('\n')
      .filter((line) => /^\w+=/.test(line))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}
