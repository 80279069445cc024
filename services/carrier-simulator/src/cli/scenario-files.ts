import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { checkout } from './running-copy.ts';

export const scenarioDir = path.join(checkout, 'services/carrier-simulator/scenarios');

/** The scenarios' names in alphabetical order. */
export function scenarioNames(): string[] {
  return readdirSync(scenarioDir)
    .filter((f) => f.endsWith('.yaml'))
    .map((f) => f.replace('.yaml', ''))
    .sort();
}

/** A scenario as it is written, its templates not yet filled in. @throws Error naming those there are */
export function readScenarioFile(name: string): Record<string, unknown> {
  if (!scenarioNames().includes(name))
    throw new Error(`there is no scenario "${name}"; there are: ${scenarioNames().join(', ')}`);
  return parse(readFileSync(path.join(scenarioDir, `${name}.yaml`), 'utf8')) as Record<string, unknown>;
}
