import { demo } from '@wardline/contracts';
import { signIn, type SignedIn } from '@wardline/staff-sign-in';
import { permissionsOf, roles, type Role } from './domain/permissions.ts';
import { needsSignIn, permissionOf, type Endpoint } from './entrypoints/kernel/endpoint.ts';
import { startGateway, type TestGateway } from './testing/gateway-process.ts';
import { sampleMethods, type AskedBehind } from './testing/sample-messages.ts';
import { sampleRequest, type Samples } from './testing/sample-requests.ts';

const [riverside, harbour] = demo.clinics;
/** Things of the own hospital, and of the other one. */
const own = '0190a0b0-0000-7000-8000-0000000000aa';
const foreign = '0190a0b0-0000-7000-8000-0000000000bb';

/** What schemas alone do not tell. */
const samples: Samples = {
  acceptEscalation: { body: { number: '+12025550143' } },
  getSummary: { query: { to: '2026-03-03T10:00:00Z' } },
  createWebhook: { body: { name: 'of a test', url: 'https://127.0.0.1/hook' } },
  changeWebhook: { body: { name: 'another name' } },
  replayWebhook: { body: { position: 1 } },
};

/** Endpoints whose good answer needs more than a sample; what they answer to the right role instead. */
const otherwise: Readonly<Record<string, number>> = {
  // Nothing waits, nothing has failed.
  skipWebhookEvent: 404,
  ...{ getDeadLetter: 404, replayDeadLetter: 404, discardDeadLetter: 404 },
  // Without Kafka.
  ...{ openKafkaAccess: 501, rotateKafkaAccess: 501, revokeKafkaAccess: 501 },
};

let gateway: TestGateway;
let endpoints: readonly Endpoint[];
const asked: AskedBehind[] = [];
const users = new Map<Role, SignedIn>();
let stranger: SignedIn;

beforeAll(async () => {
  gateway = await startGateway({
    answers: (service) => sampleMethods(service, { foreign, asked }),
    env: { WARDLINE_WEBHOOK_ALLOW: '127.0.0.1' },
  });
  // What may be asked for a few times a minute only is asked for by everybody here.
  const { increment } = gateway.keyValue;
  gateway.keyValue.increment = async (key, by, options) =>
    key.startsWith('rate:endpoint:') ? 1 : await increment(key, by, options);
  ({ endpoints } = gateway.gateway);
  const enter = ({ login, password }: { login: string; password: string }) =>
    signIn({ baseUrl: gateway.url, login, password });
  for (const role of roles) {
    const member = [riverside.staff, ...riverside.team].find((one) => one.role === role);
    if (member) users.set(role, await enter(member));
  }
  stranger = await enter(harbour.staff);
}, 60_000);
afterAll(() => gateway?.stop());

/** Things that the gateway itself keeps are made for each request: one of them takes the thing away. */
async function thingFor(one: Pick<Endpoint, 'path'>, owner: SignedIn): Promise<string | undefined> {
  const kind = /^\/integrations\/(webhooks|streams)\/\{id\}/.exec(one.path)?.[1];
  if (kind === undefined) return undefined;
  const body = { name: 'of a test', ...(kind === 'webhooks' ? { url: 'https://127.0.0.1/hook' } : {}) };
  const headers = { ...(await owner.headers()), 'content-type': 'application/json' };
  const url = `${gateway.url}/api/v1/integrations/${kind}`;
  const made = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  const { id } = (await made.json()) as { id: string };
  thingsMade.push(`${url}/${id}`);
  return id;
}
const thingsMade: string[] = [];
const robin = (): SignedIn => users.get('admin') ?? stranger;

async function clear(): Promise<void> {
  for (const url of thingsMade.splice(0))
    for (const owner of [robin(), stranger])
      await fetch(url, { method: 'DELETE', headers: await owner.headers() });
}

async function ask(
  one: Endpoint,
  user: SignedIn | undefined,
  o: {
    ids?: string;
    id?: string | undefined;
    headers?: Record<string, string>;
    query?: string;
    body?: (body: unknown) => unknown;
  } = {},
) {
  const params = o.id === undefined ? {} : { id: o.id };
  const request = sampleRequest(one, { ids: o.ids ?? own, params, samples });
  const body = o.body ? o.body(request.body) : request.body;
  const gone = new AbortController();
  const path = o.query ? `${request.path}${request.path.includes('?') ? '&' : '?'}${o.query}` : request.path;
  const answer = await fetch(gateway.url + path, {
    method: request.method,
    redirect: 'manual',
    signal: gone.signal,
    headers: {
      'content-type': request.contentType,
      'idempotency-key': crypto.randomUUID(),
      ...(user ? await user.headers() : {}),
      ...o.headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  // Event streams do not end.
  const endless = answer.headers.get('content-type')?.startsWith('text/event-stream');
  const text = endless ? '' : await answer.text();
  gone.abort();
  return { status: answer.status, text, headers: answer.headers };
}

const ofStaff = () => endpoints.filter((one) => needsSignIn(one.access));

describe('every endpoint', () => {
  afterEach(clear);

  it.each(roles)(
    'does for a %s what the table of permissions says',
    async (role) => {
      const may = permissionsOf(role);
      const wrong: unknown[] = [];
      for (const one of ofStaff()) {
        const permission = permissionOf(one.access);
        const allowed = permission === undefined || may.has(permission);
        const id = allowed ? await thingFor(one, robin()) : undefined;
        const { status, text } = await ask(one, users.get(role), { id });
        const expected = allowed ? (otherwise[one.id] ?? 'good') : 403;
        const right = expected === 'good' ? status >= 200 && status < 300 : status === expected;
        if (!right) wrong.push([one.id, status, expected, text.slice(0, 300)]);
        if (!allowed && !text.includes(`"permission":"${permission}"`)) wrong.push([one.id, 'names nothing']);
        if (id !== undefined) await clear();
      }
      expect(wrong).toEqual([]);
    },
    60_000,
  );

  it.each(roles)(
    'knows nothing of another hospital for a %s: 404, or 403 where the role may not at all',
    async (role) => {
      const may = permissionsOf(role);
      const wrong: unknown[] = [];
      for (const one of ofStaff().filter(({ path }) => path.includes('{'))) {
        const permission = permissionOf(one.access);
        const allowed = permission === undefined || may.has(permission);
        const id = await thingFor(one, stranger);
        const { status, text } = await ask(one, users.get(role), { ids: foreign, id });
        const expected = !allowed ? 403 : otherwise[one.id] === 501 ? 501 : 404;
        if (status !== expected) wrong.push([one.id, status, expected, text.slice(0, 300)]);
        if (id !== undefined) {
          const left = await ask({ ...one, ...getOf(one) }, stranger, { id });
          if (left.status !== 200) wrong.push([one.id, 'took it away from its owner']);
          await clear();
        }
      }
      expect(wrong).toEqual([]);
    },
    60_000,
  );

  it('is not widened by a hospital named in the path, the query, a header or the body', async () => {
    asked.length = 0;
    const wrong: unknown[] = [];
    const { tenantId } = harbour;
    const names = ['tenantId', 'tenant', 'tid', 'tenant_id', 'hospital', 'hospitalId'];
    const query = names.map((name) => `${name}=${tenantId}`).join('&');
    const headers = { 'x-tenant-id': tenantId, tenant: tenantId };
    const body = (given: unknown) =>
      typeof given === 'object' && given !== null ? { ...given, tenantId, tid: tenantId } : given;
    await thingFor({ path: '/integrations/webhooks/{id}' }, stranger);
    for (const one of ofStaff()) {
      for (const o of [{ query, headers }, { body }, { ids: tenantId, id: tenantId }]) {
        const { status, text } = await ask(one, robin(), o);
        if (status >= 500 && status !== 501) wrong.push([one.id, Object.keys(o), status]);
        // Bodies are exact: one that names a hospital is refused, or there was none.
        if ('body' in o && status < 300 && one.body && !('contentType' in one.body))
          wrong.push([one.id, 'took a body that names a hospital']);
        if (text.includes('of a test') && !one.id.match(/[wW]ebhook|[sS]tream/)) wrong.push([one.id, text]);
      }
      if (one.id === 'listWebhooks') {
        const { text } = await ask(one, robin(), { query, headers });
        if (JSON.parse(text).items.some(({ url }: { url: string }) => thingsMade.includes(url)))
          wrong.push([one.id, text]);
      }
    }
    expect(wrong).toEqual([]);
    expect([...new Set(asked.map((one) => one.tenantId))]).toEqual([riverside.tenantId]);
    expect(asked.length).toBeGreaterThan(50);
    thingsMade.length = 0;
  }, 60_000);

  it('is closed to those who are not signed in', async () => {
    const open: unknown[] = [];
    for (const one of ofStaff()) {
      const { status } = await ask(one, undefined);
      if (status !== 401) open.push([one.id, status]);
    }
    expect(open).toEqual([]);
  }, 60_000);
});

/** Looks at the thing that an endpoint is about. */
const getOf = (one: Endpoint): Partial<Endpoint> =>
  one.path.includes('webhooks')
    ? { id: 'getWebhook', method: 'get', path: '/integrations/webhooks/{id}', body: undefined }
    : { id: 'listStreamAccess', method: 'get', path: '/integrations/streams', body: undefined };
