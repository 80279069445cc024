import type { z } from 'zod';
import { ConfigError, type ConfigProblem } from './errors.ts';

/**
 * Parses the environment once, at start, into a frozen typed object.
 *
 * A variable that is set to the empty string counts as not set, because that is how shells, compose files and Helm
 * charts express "no value"; defaults and `.optional()` then apply.
 *
 * @param schema one zod object per service whose keys are the variables' names; relations between variables belong
 *   into its refinements
 * @throws ConfigError that names every problem at once, never the values (they may be secrets)
 */
export function loadConfig<S extends z.ZodType>(
  schema: S,
  env: Record<string, string | undefined> = process.env,
): Readonly<z.infer<S>> {
  const present = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  // Without the input in the message: what someone typed into a variable may be a secret.
  const result = schema.safeParse(present, { reportInput: false });
  if (result.success) return deepFreeze(result.data);
  throw new ConfigError(result.error.issues.map((issue) => problemOf(issue, present)));
}

function problemOf(issue: z.core.$ZodIssue, present: Record<string, unknown>): ConfigProblem {
  const variable = issue.path.map(String).join('.') || '(configuration)';
  const missing = issue.path.length === 1 && !(variable in present);
  return {
    variable,
    problem: missing && issue.code !== 'custom' ? 'is required and not set' : issue.message,
  };
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  // Only plain structures: freezing a URL, a Buffer or a class instance would break its own workings.
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== null && Object.getPrototypeOf(prototype) !== null) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
