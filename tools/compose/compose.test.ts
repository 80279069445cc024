import { healthVariables } from '@wardline/service-runtime';
import { kafkaVersion } from '@wardline/local-infrastructure';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { interpolate, readCompose, readDotEnv, VariableMissing } from './compose-file.ts';
import { imageProblemsOf } from './image-problems.ts';
import { problemsOf, type ParseConfig } from './problems.ts';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const text = read('docker-compose.yml');
const dockerfile = read('Dockerfile');
const dockerignore = read('.dockerignore');

/** What runs as a process of its own; `standalone` is all of them on one machine, `console` a page. */
const services = readdirSync(path.join(root, 'services')).filter(
  (name) => name !== 'standalone' && existsSync(path.join(root, 'services', name, 'src/main.ts')),
);

let dir: string;
let env: Record<string, string>;
let configs: Record<string, ParseConfig>;
beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'wardline-compose-'));
  execFileSync(process.execPath, [path.join(root, 'deploy/make-env.mjs'), path.join(dir, '.env')]);
  env = readDotEnv(readFileSync(path.join(dir, '.env'), 'utf8'));
  const modules = [...services.map((name) => [name, `services/${name}/src`]), ['migrate', 'deploy']] as const;
  configs = Object.fromEntries(
    await Promise.all(
      modules.map(async ([name, folder]) => {
        const { parseConfig } = (await import(path.join(root, folder ?? '', 'config.ts'))) as {
          parseConfig: ParseConfig;
        };
        return [name, parseConfig] as const;
      }),
    ),
  );
});
afterAll(() => rmSync(dir, { recursive: true }));

const problemsWith = (file: string, images = dockerfile): string[] => {
  const compose = readCompose(file, env);
  return [
    ...problemsOf({
      raw: readCompose(file),
      compose,
      configs,
      processVariables: (variable) => variable in healthVariables || variable.startsWith('OTEL_'),
    }),
    ...imageProblemsOf({ root, compose, dockerfile: images, dockerignore, kafkaVersion }),
  ];
};

const schema = JSON.parse(read('tools/compose/compose-spec.schema.json')) as object;
const isCompose = new Ajv2020({ strict: false, allErrors: true }).compile(schema);

describe('docker-compose.yml', () => {
  it('is a compose file, by the specification’s own schema', () => {
    expect({ valid: isCompose(readCompose(text, env)), errors: isCompose.errors }).toEqual({
      valid: true,
      errors: null,
    });
    expect(isCompose({ services: { a: { image: 'b', helthcheck: {} } } })).toBe(false);
  });

  it('runs every service there is', () => {
    expect(Object.keys(readCompose(text).services).sort()).toEqual(
      [...services, 'database', 'kafka', 'redis', 'migrate', 'call'].sort(),
    );
  });

  it('fits the services’ configurations, itself and the Dockerfile', () => {
    expect(problemsWith(text)).toEqual([]);
  });

  it('needs what makes its secrets to have been run, and says so', () => {
    expect(() => readCompose(text, {})).toThrow(
      /required variable \w+ is missing a value: run npm run compose:env/,
    );
    const optional = /^(COMPOSE_PROFILES|TELNYX_API_BASE|SIM_\w+)$/;
    for (const name of Object.keys(env)) {
      const without = () => readCompose(text, { ...env, [name]: '' });
      if (optional.test(name)) expect(without).not.toThrow();
      else expect(without).toThrow(new VariableMissing(name, 'run npm run compose:env'));
    }
  });

  it('is a whole platform that can be called: with the simulated carrier, unless there is a real one', () => {
    const { services: containers } = readCompose(text, env);
    expect(env['COMPOSE_PROFILES']?.split(',')).toEqual(containers['carrier-simulator']?.profiles);
    expect(env['TELNYX_API_BASE']).toContain('carrier-simulator:');
  });

  // Where the plugin is installed; it needs no engine for this.
  const withPlugin = spawnSync('docker', ['compose', 'version']).status === 0 ? it : it.skip;
  withPlugin('is what docker compose itself takes', () => {
    const args = [
      'compose',
      '--file',
      path.join(root, 'docker-compose.yml'),
      '--env-file',
      path.join(dir, '.env'),
    ];
    expect(spawnSync('docker', [...args, 'config', '--quiet'], { encoding: 'utf8' })).toMatchObject({
      status: 0,
    });
  });
});

describe('what is found wrong', () => {
  it.each([
    ['WARDLINE_RPC_BRAIN: http://conversation-brain:7004', '', 'WARDLINE_RPC_BRAIN is required and not set'],
    ['WARDLINE_MEDIA_PORT: 8081', 'WARDLINE_MEDIA_PROT: 8081', 'nobody reads WARDLINE_MEDIA_PROT'],
    ['http://directory:7001', 'http://directory:7002', 'leads to directory:7002, which listens on 7001'],
    ['http://directory:7001', 'http://directery:7001', 'there is no directery'],
    [
      'WARDLINE_HTTP_TELEPHONY: http://telephony-gateway:7013',
      'WARDLINE_HTTP_TELEPHONY: http://telephony-gateway:7014',
      'which listens on 7003, 7013',
    ],
    [
      'WARDLINE_RPC_TELEPHONY: http://telephony-gateway:7003',
      'WARDLINE_RPC_TELEPHONY: http://telephony-gateway:7013',
      'which listens on 7003',
    ],
    ['WARDLINE_BRAIN_HOST: 0.0.0.0', '', 'which hears only itself'],
    ['postgres://wardline_directory:', 'postgres://wardline_brain:', 'is for wardline_directory'],
    [
      'WARDLINE_DB_BUS: postgres://wardline_parking:',
      'WARDLINE_DB_BUS: postgres://wardline_bus:',
      'is for wardline_parking',
    ],
    [
      'wardline_brain:${WARDLINE_PASSWORD_BRAIN:',
      'wardline_brain:${WARDLINE_PASSWORD_BUS:',
      'password of another role',
    ],
    [
      '      REDIS_URL: redis',
      '      WARDLINE_DB_DIRECTORY: postgres://wardline_directory:${WARDLINE_PASSWORD_DIRECTORY:?x}@database:5432/wardline\n      REDIS_URL: redis',
      'none of its business',
    ],
    [
      '      WARDLINE_PASSWORD_BRAIN: ',
      '      WARDLINE_PASSWORD_BRIAN: ',
      'migrate does not give wardline_brain its password',
    ],
    [
      'WARDLINE_STREAM_KEY: ${WARDLINE_STREAM_KEY:?run npm run compose:env}',
      'WARDLINE_STREAM_KEY: c2VjcmV0',
      'WARDLINE_STREAM_KEY is not taken from .env',
    ],
    ['kafka: { condition: service_healthy }', 'kafkaa: { condition: service_healthy }', 'waits for kafkaa'],
    [
      'migrate: { condition: service_completed_successfully }',
      'migrate: { condition: service_healthy }',
      'which it will never be',
    ],
    ['WARDLINE_HEALTH_PORT: 9400', 'WARDLINE_HEALTH_HOST: 127.0.0.1', 'on a port that it does not open'],
    ['http://127.0.0.1:8090/healthz', 'http://127.0.0.1:8091/healthz', 'on a port that it does not open'],
    ['    shm_size: 128mb', "    ports: ['5432:5432']", 'database: is published on the host'],
    ['    internal: true', '', 'redis: is reachable from outside'],
    [
      "    ports: ['${WARDLINE_PORT:-8080}:8080']",
      "    ports: ['8080:80']",
      'publishes 8080:80, which nothing opens',
    ],
    ['target: gateway', 'target: gate', 'there is no target gate'],
    [
      'target: speech, args: { PACKAGE: services/voice-media }',
      'target: service, args: { PACKAGE: services/voice-media }',
      'voice-media: service is not the target',
    ],
    [
      'PACKAGE: services/notifications',
      'PACKAGE: services/notification',
      'there is no package services/notification',
    ],
    ['apache/kafka:4', 'apache/kafka:3', 'kafka: tests run with Kafka'],
    ['redis:7.2.11-bookworm', 'redis:latest', 'redis:latest is not pinned'],
  ])('instead of %s: %s', (right, wrong, problem) => {
    expect(text).toContain(right);
    expect(problemsWith(text.replaceAll(right, wrong))).toContainEqual(expect.stringContaining(problem));
  });

  it.each([
    ['USER node\n\nFROM runtime AS service', '\nFROM runtime AS service', 'directory: runs as root'],
    ['COPY --from=build /wardline/', 'COPY --from=built /wardline/', 'copies from built'],
    ['COPY deploy/call.mjs', 'COPY deploy/calls.mjs', 'copies deploy/calls.mjs, which does not exist'],
    ['ARG NODE_VERSION=24.', 'ARG NODE_VERSION=22.', 'the project runs on Node 24.'],
    ['CMD ["node", "src/main.ts"]', 'CMD ["node", "src/mein.ts"]', 'services/directory has no src/mein.ts'],
    ['FROM build AS collected\nARG PACKAGE', 'FROM build AS collected', 'does not declare PACKAGE'],
    ['FROM runtime AS service\nARG PACKAGE', 'FROM runtime AS service', 'does not declare PACKAGE'],
  ])('in the Dockerfile, instead of %s: %s', (right, wrong, problem) => {
    expect(dockerfile).toContain(right);
    expect(problemsWith(text, dockerfile.replaceAll(right, wrong))).toContainEqual(
      expect.stringContaining(problem),
    );
  });
});

describe('.env', () => {
  it('is ours alone, keeps what it has, and is in no image and no commit', () => {
    const file = path.join(dir, '.env');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const before = readFileSync(file, 'utf8');
    execFileSync(process.execPath, [path.join(root, 'deploy/make-env.mjs'), file]);
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect(dockerignore.split('\n')).toContain('.env');
    expect(read('.gitignore').split('\n')).toContain('.env');
  });

  it('gets what is missing, but never half a pair of keys', () => {
    const file = path.join(dir, 'old.env');
    execFileSync('sh', [
      '-c',
      `grep -v -e WARDLINE_STREAM_KEY -e SIM_PRIVATE_KEY "$0" > "$1"`,
      path.join(dir, '.env'),
      file,
    ]);
    execFileSync(process.execPath, [path.join(root, 'deploy/make-env.mjs'), file]);
    const after = readDotEnv(readFileSync(file, 'utf8'));
    expect(after['WARDLINE_STREAM_KEY']).toBeDefined();
    expect(after['WARDLINE_SERVICE_KEY']).toBe(env['WARDLINE_SERVICE_KEY']);
    expect(after['SIM_PRIVATE_KEY']).toBeUndefined();
  });

  it('is read as compose reads it', () => {
    const known = { A: 'a', EMPTY: '' };
    const cases = {
      '$A ${A} $$A': 'a a $A',
      '${B:-b}${EMPTY-b}${EMPTY:-e}': 'be',
      '${A:+x}${B+x}': 'x',
      '${B}': '',
    };
    for (const [written, meant] of Object.entries(cases)) expect(interpolate(written, known)).toBe(meant);
    expect(() => interpolate('${EMPTY:?say}', known)).toThrow('say');
    expect(interpolate('${EMPTY?say}', known)).toBe('');
  });
});
