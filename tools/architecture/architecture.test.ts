import { topics } from '@wardline/event-bus/topics';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { problemsOf } from './problems.ts';
import { rules } from './rules.ts';
import { readPackages, type PackageSource } from './source.ts';
import { withArrowTables } from './tables.ts';

const root = path.resolve(import.meta.dirname, '../..');

describe('the source', () => {
  const packages = readPackages(root);

  it('has no arrow that the architecture does not have', () => {
    expect(problemsOf(packages, rules, topics)).toEqual([]);
  });

  it('is shown whole by docs/architecture.md', () => {
    const document = readFileSync(path.join(root, 'docs/architecture.md'), 'utf8');
    expect(document).toBe(withArrowTables(document, rules));
    for (const { name, kind } of packages) expect(document).toContain(`../${kind}s/${name})`);
  });
});

describe('an arrow that is not allowed', () => {
  const library: PackageSource = {
    name: 'audio',
    kind: 'lib',
    imports: [],
    declared: [],
    asks: [],
    serves: [],
    subscribes: [],
    publishes: [],
  };
  const service: PackageSource = { ...library, name: 'insights', kind: 'service' };
  const other: PackageSource = { ...service, name: 'patients' };
  const found = (one: PackageSource): string[] => problemsOf([one, other], rules, topics);

  it.each<[string, PackageSource, string]>([
    ['an undeclared package', { ...service, imports: ['rpc'] }, 'does not declare'],
    ['a library beside', { ...library, imports: ['config'], declared: ['config'] }, 'does not stand below'],
    ['a library without a place', { ...library, name: 'utils' }, 'no place'],
    ['another service', { ...service, imports: ['patients'], declared: ['patients'] }, 'read model'],
    ['an RPC', { ...service, asks: ['PatientsService'] }, 'no arrow'],
    ['an RPC that nobody serves', { ...service, asks: ['MagicService'] }, 'nobody serves'],
    ['serving what is another’s', { ...service, serves: ['PatientsService'] }, 'give to patients'],
    ['a topic that it is not told', { ...service, subscribes: ['sms.send'] }, 'consumes sms.send'],
    ['a topic that is not its own', { ...service, publishes: ['calls.failed'] }, 'produces calls.failed'],
    [
      'what a stranger may not know',
      { ...service, name: 'carrier-simulator', imports: ['rpc'], declared: ['rpc'] },
      'outside the platform',
    ],
    ['a service that nobody decided on', { ...service, name: 'extras' }, 'in no rule'],
  ])('is found: %s', (_name, one, problem) => {
    expect(found(one)).toEqual([expect.stringContaining(problem)]);
  });
});

describe('reading', () => {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'wardline-architecture-'));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it('takes imports as the compiler does, and leaves tests out', () => {
    const src = path.join(dir, 'services/insights/src');
    mkdirSync(path.join(src, 'testing'), { recursive: true });
    mkdirSync(path.join(dir, 'libs'));
    writeFileSync(
      path.join(dir, 'services/insights/package.json'),
      '{"dependencies":{"@wardline/rpc":"0.0.0"}}',
    );
    writeFileSync(
      path.join(src, 'compose.ts'),
      [
        `import { x } from '@wardline/rpc/testing';`,
        `export type { Y } from '@wardline/event-bus';`,
        `// import '@wardline/config';`,
        `const z = await import('@wardline/contracts');`,
        `createRpcClient(patients.PatientsService, {});`,
        `bus.subscribe({ group: 'insights', topics: ['calls.completed', 'calls.failed'] });`,
        `append({ topic: 'insights.scored' });`,
      ].join('\n'),
    );
    writeFileSync(path.join(src, 'a.test.ts'), `import '@wardline/audio';`);
    writeFileSync(path.join(src, 'testing/fake.ts'), `import '@wardline/audio';`);
    expect(readPackages(dir)).toEqual([
      {
        name: 'insights',
        kind: 'service',
        imports: ['contracts', 'event-bus', 'rpc'],
        declared: ['rpc'],
        asks: ['PatientsService'],
        serves: [],
        subscribes: ['calls.completed', 'calls.failed'],
        publishes: ['insights.scored'],
      },
    ]);
  });
});
