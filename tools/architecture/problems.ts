import type { Rules } from './rules.ts';
import type { PackageSource } from './source.ts';

export interface TopicUse {
  readonly producers: readonly string[];
  readonly consumers: readonly string[];
}

/** Every arrow of the source that the rules do not have, as a sentence that says what to do. */
export function problemsOf(
  packages: readonly PackageSource[],
  rules: Rules,
  topics: Readonly<Record<string, TopicUse>>,
): string[] {
  const kindOf = new Map(packages.map(({ name, kind }) => [name, kind]));
  return packages.flatMap((one) => [
    ...one.imports
      .filter((name) => !one.declared.includes(name))
      .map((name) => `${one.name} imports ${name}, which its package.json does not declare`),
    ...(one.kind === 'lib' ? layerProblems(one, rules) : serviceProblems(one, rules, kindOf, topics)),
  ]);
}

function layerProblems({ name, imports }: PackageSource, { layers }: Rules): string[] {
  const heightOf = (lib: string): number => layers.findIndex((layer) => layer.includes(lib));
  const height = heightOf(name);
  if (height < 0) return [`library ${name} has no place in the layers`];
  return imports
    .filter((other) => heightOf(other) < 0 || heightOf(other) >= height)
    .map((other) => `library ${name} imports ${other}, which does not stand below it`);
}

function serviceProblems(
  one: PackageSource,
  rules: Rules,
  kindOf: ReadonlyMap<string, 'lib' | 'service'>,
  topics: Readonly<Record<string, TopicUse>>,
): string[] {
  const { name } = one;
  const mayAsk = rules.asks[name];
  if (!mayAsk) return [`service ${name} is in no rule`];
  const only = rules.strangers[name];
  return [
    ...one.imports
      .filter((other) => kindOf.get(other) === 'service' && !rules.mayImportServices.includes(name))
      .map((other) => `service ${name} imports service ${other}: ask it, or keep a read model of its events`),
    ...one.imports
      .filter((other) => only && !only.includes(other))
      .map((other) => `${name} stands outside the platform and may not import ${other}`),
    ...askProblems(one, mayAsk, rules),
    ...one.serves
      .filter((rpc) => rules.servedBy[rpc] !== name)
      .map((rpc) => `${name} serves ${rpc}, which the rules give to ${rules.servedBy[rpc] ?? 'nobody'}`),
    ...one.subscribes
      .filter((topic) => topics[topic] && !includesOrAll(topics[topic].consumers, name))
      .map((topic) => `${name} consumes ${topic}, whose declaration does not name it`),
    ...one.publishes
      .filter((topic) => topics[topic] && !includesOrAll(topics[topic].producers, name))
      .map((topic) => `${name} produces ${topic}, whose declaration does not name it`),
  ];
}

function askProblems({ name, asks }: PackageSource, mayAsk: readonly string[], rules: Rules): string[] {
  return asks.flatMap((rpc) => {
    const callee = rules.servedBy[rpc];
    if (callee === undefined) return [`${name} asks ${rpc}, which nobody serves`];
    return callee === 'key-value' || mayAsk.includes(callee)
      ? []
      : [`${name} asks ${callee} (${rpc}), which is no arrow of the architecture`];
  });
}

const includesOrAll = (names: readonly string[], name: string): boolean =>
  names.includes(name) || names.includes('all') || names.includes('any');
