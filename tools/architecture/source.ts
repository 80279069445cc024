import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** A library or service as its source shows it. Tests and `testing/` do not count: they may use what runs in no deployment. */
export interface PackageSource {
  readonly name: string;
  readonly kind: 'lib' | 'service';
  /** Names of our packages that it imports. */
  readonly imports: readonly string[];
  /** Names of our packages that its package.json declares as needed to run. */
  readonly declared: readonly string[];
  /** RPC services that it makes clients of, such as "DirectoryService". */
  readonly asks: readonly string[];
  /** RPC services that it serves. */
  readonly serves: readonly string[];
  readonly subscribes: readonly string[];
  readonly publishes: readonly string[];
}

const scope = '@wardline/';

export function readPackages(root: string): PackageSource[] {
  return (['libs', 'services'] as const).flatMap((folder) =>
    readdirSync(path.join(root, folder))
      .sort()
      .filter((name) => existsSync(path.join(root, folder, name, 'package.json')))
      .map((name) => readPackage(path.join(root, folder, name), folder === 'libs' ? 'lib' : 'service')),
  );
}

function readPackage(dir: string, kind: PackageSource['kind']): PackageSource {
  const manifest = JSON.parse(readFileSync(path.join(dir, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>;
  };
  const texts = sourcesOf(dir).map((file) => readFileSync(file, 'utf8'));
  const all = (pattern: RegExp): string[] => unique(texts.flatMap((text) => matches(text, pattern)));
  return {
    name: path.basename(dir),
    kind,
    imports: unique(texts.flatMap(importsOf)).filter((name) => name !== path.basename(dir)),
    declared: ours(Object.keys(manifest.dependencies ?? {})),
    asks: all(/createRpcClient\(\s*\w+\.(\w+Service)\b/g),
    serves: all(/\.service\(\s*\w+\.(\w+Service)\b/g),
    subscribes: unique(
      texts.flatMap((text) =>
        matches(text, /\btopics: \[([^\]]*)\]/g).flatMap((list) => matches(list, /'([a-z]+\.[a-z]+)'/g)),
      ),
    ),
    publishes: all(/\btopic: '([a-z]+\.[a-z]+)'/g),
  };
}

function sourcesOf(dir: string): string[] {
  return globSync('src/**/*.{ts,tsx}', { cwd: dir })
    .filter((file) => !/\.test\.tsx?$|(^|[\\/])testing[\\/]/.test(file))
    .map((file) => path.join(dir, file));
}

/** Read by the compiler's own scanner, so that comments and strings are not taken for imports. */
function importsOf(text: string): string[] {
  return ours(ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName));
}

const ours = (specifiers: readonly string[]): string[] =>
  unique(
    specifiers
      .filter((one) => one.startsWith(scope))
      .map((one) => one.slice(scope.length).split('/')[0] ?? ''),
  );

const matches = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map((match) => match[1] ?? '');

const unique = (names: readonly string[]): string[] => [...new Set(names)].sort();
