import { readFileSync } from 'node:fs';
import { parseFlow } from './check-flow.ts';

it('the example of the README is in order', () => {
  const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
  const example = /```json\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  expect(parseFlow(example)).not.toHaveProperty('problems');
});
