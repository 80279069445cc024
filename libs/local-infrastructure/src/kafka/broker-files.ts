import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { InfrastructureError } from '../errors.ts';
import { withLock } from '../lock.ts';
import { findProgram } from '../programs.ts';
import type { InfrastructureLogger } from './cluster.ts';

const packageDir = path.resolve(import.meta.dirname, '../..');
const pom = path.join(packageDir, 'broker/pom.xml');
const fetchWithinMs = 600_000;

/** The version of Kafka that the pom names, which is also the one of the container image. */
export const kafkaVersion = /<artifactId>kafka_[\d.]+<\/artifactId>\s*<version>([^<]+)</.exec(
  readFileSync(pom, 'utf8'),
)![1]!;

/** Outside version control, one folder per version of the pom. */
export function cacheDir(): string {
  const base =
    process.env['WARDLINE_KAFKA_CACHE'] ??
    path.join(path.resolve(packageDir, '../..'), 'node_modules/.cache/wardline-kafka');
  return path.join(base, createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 16));
}

const jarsIn = (dir: string) =>
  existsSync(dir)
    ? readdirSync(dir)
        .filter((name) => name.endsWith('.jar'))
        .sort()
        .map((name) => path.join(dir, name))
    : [];

export const areBrokerFilesHere = () => jarsIn(cacheDir()).length > 0;

/** What `java -version` says; empty where there is none. */
export function javaVersion(env: NodeJS.ProcessEnv = process.env): string {
  const java = findProgram('java', env);
  if (java === undefined) return '';
  const known = versions.get(java) ?? spawnSync(java, ['-version'], { encoding: 'utf8' }).stderr;
  versions.set(java, known);
  return known;
}

const versions = new Map<string, string>();

/** What keeps Kafka from running here by itself, or undefined. */
export function javaProblem(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const version = javaVersion(env);
  const major = Number(/version "(\d+)/.exec(version)?.[1] ?? 0);
  if (major < 17) return `Java 17 or newer (${major === 0 ? 'none is' : `${major} is`} on the PATH)`;
  if (!areBrokerFilesHere() && !findProgram('mvn', env)) return 'Maven, to fetch the broker once';
  return undefined;
}

/**
 * The class path of Apache Kafka: fetched once through Maven, with its user's own settings, then taken from the cache. Two
 * processes that start at the same time fetch once.
 *
 * @throws InfrastructureError with the end of Maven's output
 */
export async function ensureBrokerFiles(logger?: InfrastructureLogger): Promise<string> {
  const dir = cacheDir();
  if (!areBrokerFilesHere()) {
    mkdirSync(path.dirname(dir), { recursive: true });
    await withLock(`${dir}.lock`, fetchWithinMs, async () => {
      if (areBrokerFilesHere()) return;
      logger?.info('fetching Apache Kafka', { version: kafkaVersion });
      const draft = `${dir}.${process.pid}`;
      try {
        await runMaven(draft);
        renameSync(draft, dir);
      } finally {
        rmSync(draft, { recursive: true, force: true });
      }
    });
  }
  return jarsIn(dir).join(path.delimiter);
}

async function runMaven(outputDirectory: string): Promise<void> {
  const child = spawn(
    'mvn',
    [
      ...['-q', '-B', '-f', pom, 'dependency:copy-dependencies'],
      ...[`-DoutputDirectory=${outputDirectory}`, '-DincludeScope=runtime'],
    ],
    { env: process.env, stdio: ['ignore', 'pipe', 'pipe'], timeout: fetchWithinMs },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (output = (output + text.toString()).slice(-4_000)));
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      output += error.message;
      resolve(null);
    });
    child.once('close', resolve);
  });
  if (code === 0 && jarsIn(outputDirectory).length > 0) return;
  throw new InfrastructureError(
    'infrastructure-fetch-failed',
    `Apache Kafka ${kafkaVersion} could not be fetched with Maven (${code ?? 'not run'}):\n${output.trim()}`,
  );
}
