// What types cannot say: promises that nobody awaits, and who may import whom (docs/architecture.md shows the same).
import { readdirSync } from 'node:fs';
import path from 'node:path';
import tseslint from 'typescript-eslint';

const services = readdirSync(path.join(import.meta.dirname, 'services'));

/** Libraries without I/O, clocks or state, and small pure packages: all that a service's domain may use. */
const domainMayUse = [
  '@wardline/clinic-time',
  '@wardline/dialogue-words',
  '@wardline/personal-data',
  'zod',
  'double-metaphone',
  'fastest-levenshtein',
  'fast-check',
];

/** Forbids imports whose specifier matches; one `no-restricted-imports` per file set, since a later one replaces it. */
const forbid = (...rules) => ({
  '@typescript-eslint/no-restricted-imports': [
    'error',
    { patterns: rules.map(([regex, message]) => ({ regex, message })) },
  ],
});

const otherServices = [
  `^@wardline/(${services.join('|')})(/|$)`,
  'Services share contracts and mechanisms, not code: ask by RPC or keep a read model from events.',
];
const pathsOutOfPackage = ['(^|/)\\.\\./(libs|services)/', 'Import another package by its name.'];
const folder = (...names) => `^\\.{1,2}/(.*/)?(${names.join('|')})/`;
const generated = ['/generated/', 'Generated code stays in adapters/, entrypoints/ and compose.ts.'];

export default tseslint.config(
  {
    ignores: [
      '**/node_modules',
      '**/generated',
      '**/dist',
      '.nx',
      '.wardline',
      '**/*.mjs',
      '**/vite.config.ts',
      '**/*.d.ts',
    ],
  },
  {
    files: [
      'libs/*/src/**/*.ts',
      'services/*/src/**/*.{ts,tsx}',
      'services/*/test/**/*.ts',
      'tools/**/*.ts',
      'deploy/**/*.ts',
    ],
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: true }],
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { arguments: false, attributes: false, properties: false } },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/ban-ts-comment': 'error',
      'no-empty': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['libs/*/src/**/*.ts', 'services/*/src/**/*.{ts,tsx}'],
    rules: forbid(otherServices, pathsOutOfPackage),
  },
  {
    files: ['services/*/src/app/**/*.ts', 'services/*/src/ports/**/*.ts'],
    rules: forbid(otherServices, pathsOutOfPackage, generated, [
      folder('adapters', 'entrypoints'),
      'app/ and ports/ know needs, not technologies: pass the adapter in from compose.ts.',
    ]),
  },
  {
    files: ['services/*/src/adapters/**/*.ts'],
    rules: forbid(otherServices, pathsOutOfPackage, [
      folder('entrypoints'),
      'What we use does not know what reaches us.',
    ]),
  },
  {
    files: ['services/*/src/domain/**/*.ts'],
    rules: forbid(
      otherServices,
      pathsOutOfPackage,
      generated,
      [
        folder('adapters', 'entrypoints', 'ports', 'app', 'pipeline', 'telemetry'),
        'domain/ knows only itself.',
      ],
      [
        `^(?!\\.|(${domainMayUse.join('|')})$)`,
        'domain/ is pure: no I/O, no clock, no other packages than the pure ones.',
      ],
    ),
  },
  {
    files: ['services/carrier-simulator/src/**/*.ts'],
    rules: forbid(otherServices, pathsOutOfPackage, [
      '^@wardline/(?!audio|local-speech|config|observability|seeded-random)',
      'The simulated carrier knows nothing but the wire.',
    ]),
  },
  {
    // The command line beside the simulator drives the platform from outside and checks it, so it may know its contracts.
    files: [
      'services/carrier-simulator/src/cli/**/*.ts',
      'services/*/src/**/*.test.ts',
      'services/*/src/testing/**/*.ts',
      'services/*/test/**/*.ts',
    ],
    rules: forbid(otherServices, pathsOutOfPackage),
  },
  // The one place where all services meet is the one machine that runs them all.
  { files: ['services/standalone/**/*.ts'], rules: forbid(pathsOutOfPackage) },
  // The console is looked at in a browser, in front of the real gateway that serves it.
  { files: ['services/console/test/**/*.ts'], rules: forbid(pathsOutOfPackage) },
);
