import { databaseSchemas, passwordVariableOf } from '@wardline/deploy/schemas';
import type { ComposeFile, Container } from './compose-file.ts';

/** A service's own `parseConfig`. */
export type ParseConfig = (env: Record<string, string | undefined>) => unknown;

export interface CheckInput {
  /** As written, with `${…}` in place. */
  readonly raw: ComposeFile;
  /** As Docker sees it. */
  readonly compose: ComposeFile;
  /** By container. */
  readonly configs: Readonly<Record<string, ParseConfig>>;
  /** Read by the process itself, beside its configuration. */
  readonly processVariables: (variable: string) => boolean;
}

/** Ports of what is not ours. */
const serverPorts: Readonly<Record<string, string>> = { database: '5432', kafka: '9092', redis: '6379' };
const servers = Object.keys(serverPorts);
/** Published on the host: people and carriers come in here. */
const doors = ['api-gateway', 'voice-media'];
const admins = ['migrate', 'call'];

const environmentOf = (container: Container | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(container?.environment ?? {}).map(([k, v]) => [k, String(v)]));

/** Everything that is wrong, one line each; the schema has been satisfied before. */
export function problemsOf(input: CheckInput): string[] {
  return Object.keys(input.compose.services).flatMap((name) =>
    [
      ...configurationProblems(name, input),
      ...addressProblems(name, input),
      ...databaseProblems(name, input),
      ...secretProblems(name, input),
      ...orderProblems(name, input),
      ...exposureProblems(name, input),
    ].map((problem) => `${name}: ${problem}`),
  );
}

function configurationProblems(name: string, { compose, configs, processVariables }: CheckInput): string[] {
  const parse = configs[name];
  if (!parse) return servers.includes(name) || name === 'call' ? [] : ['is no service of ours'];
  const env = environmentOf(compose.services[name]);
  const problems = complaintsOf(parse, env).map(({ variable, problem }) => `${variable} ${problem}`);
  for (const variable of Object.keys(env)) {
    // A value of no kind that any variable can have: who knows the variable complains, who does not leaves it unread.
    const unusable = { ...env, [variable]: {} as string };
    const known = complaintsOf(parse, unusable).some((complaint) => complaint.variable === variable);
    if (!known && !processVariables(variable)) problems.push(`nobody reads ${variable}`);
  }
  return problems;
}

function complaintsOf(
  parse: ParseConfig,
  env: Record<string, string>,
): readonly { variable: string; problem: string }[] {
  try {
    parse(env);
    return [];
  } catch (error) {
    const { problems } = error as { problems?: readonly { variable: string; problem: string }[] };
    return problems ?? [{ variable: '(configuration)', problem: String(error) }];
  }
}

function addressProblems(name: string, { compose, configs }: CheckInput): string[] {
  if (servers.includes(name)) return [];
  const own = environmentOf(compose.services[name]);
  return Object.entries(own).flatMap(([variable, value]) =>
    [...value.matchAll(/(?:^|,|\/\/(?![^/]*@)|@)([a-z][\w-]*):(\d+)/g)].flatMap(
      ([, host = '', port = '']) => {
        if (host === 'localhost') return [];
        const to = `${variable} leads to ${host}:${port}`;
        const target = compose.services[host];
        if (!target) return [`${to}, and there is no ${host}`];
        const theirs = environmentOf(target);
        const suffix = variable.startsWith('WARDLINE_RPC_') ? /_RPC_PORT$/ : /_PORT$/;
        const open = serverPorts[host]
          ? [serverPorts[host]]
          : Object.keys(theirs)
              .filter((key) => suffix.test(key) && key !== 'WARDLINE_HEALTH_PORT')
              .map((key) => theirs[key]);
        const meeting = networksOf(name, compose).some((network) =>
          networksOf(host, compose).includes(network),
        );
        const listens = configs[host] && parsed(configs[host], theirs)?.['host'];
        return [
          ...(open.includes(port) ? [] : [`${to}, which listens on ${open.join(', ') || 'no port'}`]),
          ...(meeting ? [] : [`${to}, which is on no network with it`]),
          ...(listens === undefined || listens === '0.0.0.0'
            ? []
            : [`${to}, which hears only itself (${listens})`]),
        ];
      },
    ),
  );
}

function parsed(parse: ParseConfig, env: Record<string, string>): Record<string, unknown> | undefined {
  try {
    return parse(env) as Record<string, unknown>;
  } catch {
    // That it cannot be parsed is said where the container itself is checked.
    return undefined;
  }
}

function networksOf(name: string, { services }: ComposeFile): readonly string[] {
  const container = services[name];
  const shared = /^service:(.+)$/.exec(container?.network_mode ?? '')?.[1];
  return (shared ? services[shared]?.networks : container?.networks) ?? [];
}

/** Who may log in as whom: a service as its own role, consumers as the one that parks keys, the relay as the log's. */
function databaseProblems(name: string, { raw }: CheckInput): string[] {
  const environment = environmentOf(raw.services[name]);
  const problems: string[] = [];
  for (const [variable, value] of Object.entries(environment)) {
    const which = /^WARDLINE_DB_(\w+)$/.exec(variable)?.[1]?.toLowerCase();
    if (!which) continue;
    const [, role = '', password = ''] =
      /^postgres:\/\/(\w+):\$\{(\w+):\?[^}]+\}@database:5432\/wardline$/.exec(value) ?? [];
    const expected =
      which === 'bus' && name !== 'event-relay'
        ? 'wardline_parking'
        : which === 'admin'
          ? 'wardline_admin'
          : `wardline_${which}`;
    const owner = databaseSchemas.find((schema) => schema.schema === which)?.service;
    if (role !== expected) problems.push(`${variable} is for ${expected}, not ${role || 'what it says'}`);
    if (which === 'admin' ? !admins.includes(name) : which !== 'bus' && owner !== name) {
      problems.push(`${variable} is none of its business`);
    }
    const passwordVariable = which === 'admin' ? 'POSTGRES_PASSWORD' : passwordVariableOf(role);
    if (password !== passwordVariable) problems.push(`${variable} has the password of another role`);
    const given = environmentOf(raw.services['migrate'])[passwordVariable];
    if (which !== 'admin' && !given?.startsWith(`\${${passwordVariable}:?`)) {
      problems.push(`migrate does not give ${role} its password`);
    }
  }
  return problems;
}

/** A secret is named by its variable and never has a value that everybody knows. */
function secretProblems(name: string, { raw }: CheckInput): string[] {
  return Object.entries(environmentOf(raw.services[name]))
    .filter(([variable]) => /_KEY$|PASSWORD|SECRET|AUTH$/.test(variable))
    .filter(([, value]) => !/^\$\{\w+:(\?[^}]+|-)\}$/.test(value))
    .map(([variable]) => `${variable} is not taken from .env`);
}

function orderProblems(name: string, { compose }: CheckInput): string[] {
  const container = compose.services[name];
  const problems: string[] = [];
  for (const [other, { condition }] of Object.entries(container?.depends_on ?? {})) {
    const target = compose.services[other];
    if (!target) problems.push(`waits for ${other}, which does not exist`);
    else if (condition === 'service_completed_successfully' ? target.restart : !target.healthcheck) {
      problems.push(`waits for ${other} to be ${condition}, which it will never be`);
    }
    if (target?.profiles && !container?.profiles) problems.push(`waits for ${other}, which is optional`);
  }
  // A job ends; whatever stays must tell how it is.
  if (container?.restart && !container.healthcheck) problems.push('has no health check');
  if (container?.healthcheck?.test.includes('/wardline/deploy/healthcheck.mjs')) {
    const env = environmentOf(container);
    const url = container.healthcheck.test.at(-1) ?? '';
    const port = /^http:\/\/127\.0\.0\.1:(\d+)\//.exec(url)?.[1];
    const open = Object.entries(env).filter(([key]) => /_PORT$/.test(key));
    if (port ? !open.some(([, value]) => value === port) : !env['WARDLINE_HEALTH_PORT']) {
      problems.push('is asked for its health on a port that it does not open');
    }
  }
  return problems;
}

function exposureProblems(name: string, { compose }: CheckInput): string[] {
  const container = compose.services[name];
  const outward = networksOf(name, compose).filter((network) => !compose.networks[network]?.internal);
  const published = container?.ports ?? [];
  const opened = Object.entries(environmentOf(container)).filter(([key]) => /_PORT$/.test(key));
  return [
    ...(container?.networks ?? [])
      .filter((network) => !(network in compose.networks))
      .map((network) => `is on ${network}, which does not exist`),
    ...(networksOf(name, compose).length === 0 ? ['is on no network of ours'] : []),
    ...(published.length > 0 && !doors.includes(name) ? ['is published on the host'] : []),
    ...(published.length > 0 && outward.length === 0 ? ['is published, and on no network from outside'] : []),
    ...(servers.includes(name) && outward.length > 0 ? ['is reachable from outside'] : []),
    ...published
      .filter((port) => !opened.some(([, value]) => value === port.split(':').at(-1)))
      .map((port) => `publishes ${port}, which nothing opens`),
  ];
}
