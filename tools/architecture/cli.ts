import { topics } from '@wardline/event-bus/topics';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { problemsOf } from './problems.ts';
import { rules } from './rules.ts';
import { readPackages } from './source.ts';
import { withArrowTables } from './tables.ts';

const root = path.resolve(import.meta.dirname, '../..');

if (process.argv.includes('--help')) {
  process.stdout.write(
    'node tools/architecture/cli.ts [--write]\nHolds the source against the arrows of the architecture; --write renders them into docs/architecture.md.\n',
  );
} else {
  const file = path.join(root, 'docs/architecture.md');
  if (process.argv.includes('--write'))
    writeFileSync(file, withArrowTables(readFileSync(file, 'utf8'), rules));
  const problems = problemsOf(readPackages(root), rules, topics);
  for (const problem of problems) process.stdout.write(`${problem}\n`);
  if (problems.length > 0) process.exitCode = 1;
  else process.stdout.write('architecture: every arrow of the source is one of the rules\n');
}
