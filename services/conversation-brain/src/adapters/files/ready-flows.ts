import { readFileSync } from 'node:fs';
import { parseFlow } from '../../domain/script/check-flow.ts';
import type { StoredFlow } from '../../ports/flow-library.ts';

const names = ['appointment-reminder', 'no-show-recovery'] as const;

/** The scripts that come with Wardline: version 1 of their id. @throws when one of them is not in order */
export function readReadyFlows(): readonly StoredFlow[] {
  return names.map((flowId) => {
    const definition = readFileSync(new URL(`../../../flows/${flowId}.json`, import.meta.url), 'utf8');
    const parsed = parseFlow(definition);
    if ('problems' in parsed) {
      const first = parsed.problems[0];
      throw new Error(`the ready flow ${flowId} has a problem at ${first?.at}: ${first?.problem}`);
    }
    const { flow } = parsed;
    return { flowId, version: 1, title: flow.title, definition, flow, readyMade: true, savedAt: undefined };
  });
}
