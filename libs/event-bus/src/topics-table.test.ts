import { readFileSync } from 'node:fs';
import path from 'node:path';
import { topicNames } from './index.ts';
import { topicsTable, withTopicsTable } from './topics-table.ts';

it('names every topic', () => {
  for (const name of topicNames) expect(topicsTable()).toContain(`\`${name}\``);
});

it('is what docs/events.md shows; else run: npm run events -- topics table --write', () => {
  const file = path.resolve(import.meta.dirname, '../../../docs/events.md');
  const document = readFileSync(file, 'utf8');
  expect(document).toBe(withTopicsTable(document));
});

it('refuses a document without a place for it', () => {
  expect(() => withTopicsTable('# Events')).toThrow(RangeError);
});
