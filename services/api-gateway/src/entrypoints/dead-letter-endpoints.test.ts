import type { DeadLetter } from '@wardline/event-bus';
import { createSilentLogger, type Logger } from '@wardline/observability';
import { createDeadLetterRelease } from '../app/dead-letter-release.ts';
import { MemoryDeadLetterStore } from '../testing/dead-letter-memory.ts';
import { startTestApp, type TestApp, type TestUser } from '../testing/test-app.ts';
import { deadLetterEndpoints } from './dead-letter-endpoints.ts';
import { HIDDEN, shownData } from './dead-letter-views.ts';

const OWN = '0190a0b0-0000-7000-8000-000000000001';
const FOREIGN = '0190a0b0-0000-7000-8000-000000000002';
const letterId = (n: number) => `0190a0b0-0000-7000-8000-0000000000${10 + n}`;

function letter(n: number, tenantId = OWN): DeadLetter {
  const at = '2026-03-01T10:00:00.000Z';
  return {
    id: letterId(n),
    group: 'notifications',
    topic: 'sms.send',
    key: 'hmac',
    reason: 'handler failed: ECONNREFUSED',
    deadAt: new Date(at),
    holdsKey: true,
    waiting: 2,
    history: [
      { at, reason: 'handler failed: ECONNREFUSED' },
      { at, reason: 'replayed by hand' },
      { at, reason: 'handler failed: ECONNREFUSED' },
    ],
    event: {
      ...{ topic: 'sms.send', partition: 1, offset: '7', id: letterId(50), tenant_id: tenantId },
      ...{ type: 'wardline.events.v1.SmsSend', key: 'hmac', subject: 'sms/1', sequence: '1' },
      data: { messageId: letterId(60), to: { sealed: 'k1.n.c' }, purpose: 'Mrs Miller' },
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      ...{ occurred_at: at, published_at: at },
    },
  };
}

interface Said {
  message: string;
  fields: Record<string, unknown> | undefined;
}

async function server(role = 'manager') {
  const store = new MemoryDeadLetterStore();
  const said: Said[] = [];
  const logger: Logger = {
    ...createSilentLogger(),
    info: (message, fields) => void said.push({ message, fields }),
  };
  const storeOf = (tenantId: string) => store.of(tenantId);
  const releases = createDeadLetterRelease({ storeOf, logger });
  const app = await startTestApp({ endpoints: deadLetterEndpoints({ storeOf, releases }) });
  apps.push(app);
  const ada = { tenantId: OWN, userId: 'u1', role };
  const ask = (method: string, path: string, user: TestUser | undefined = ada) =>
    app.ask(user, method, `/operations${path}`);
  const askUnsigned = (path: string) => app.ask(undefined, 'GET', `/operations${path}`);
  return { store, ask, askUnsigned, said, audit: app.audit };
}

const apps: TestApp[] = [];
afterEach(() => Promise.all(apps.splice(0).map((app) => app.close())));

describe('failed events over REST', () => {
  it('lists what failed of the own hospital, with its history and without a personal value', async () => {
    const { store, ask } = await server();
    store.letters.push(letter(1), letter(2, FOREIGN));
    const { status, body, text } = await ask('GET', '/dead-letters');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      mayRelease: true,
      items: [
        { id: letterId(1), attempts: 2, waiting: 2, onFailure: 'park', history: [{}, { byHand: true }, {}] },
      ],
    });
    expect((body['items'] as unknown[]).length).toBe(1);
    expect(text).not.toContain('Miller');
    expect(text).not.toContain('k1.n.c');
    expect(text).toContain(letterId(60));
  });

  it('knows nothing of another hospital’s, neither to show nor to release', async () => {
    const { store, ask } = await server();
    store.letters.push(letter(2, FOREIGN));
    expect((await ask('GET', `/dead-letters/${letterId(2)}`)).status).toBe(404);
    expect((await ask('POST', `/dead-letters/${letterId(2)}/discard`)).status).toBe(404);
    expect(store.released).toEqual([]);
  });

  it('releases once, and tells the audit log who did it', async () => {
    const { store, ask, said } = await server();
    store.letters.push(letter(1));
    expect((await ask('POST', `/dead-letters/${letterId(1)}/replay`)).body).toMatchObject({
      ...{ action: 'replay', waiting: 2, heldKey: true },
    });
    expect((await ask('POST', `/dead-letters/${letterId(1)}/replay`)).status).toBe(404);
    expect(store.released).toEqual([{ id: letterId(1), how: 'replay' }]);
    expect(said).toMatchObject([
      { fields: { audit: true, action: 'replay', user_id: 'u1', dead_letter_id: letterId(1) } },
    ]);
  });

  it('shows to the front desk, and releases only for those that may', async () => {
    const { store, ask, audit } = await server('frontdesk');
    store.letters.push(letter(1));
    expect((await ask('GET', '/dead-letters')).body).toMatchObject({ mayRelease: false });
    const refused = await ask('POST', `/dead-letters/${letterId(1)}/replay`);
    expect([refused.status, refused.body['code']]).toEqual([403, 'forbidden']);
    expect(audit.entries).toMatchObject([{ action: 'replayDeadLetter', outcome: 'refused', userId: 'u1' }]);
    expect(store.released).toEqual([]);
  });

  it('asks for a sign-in, and refuses what is no id', async () => {
    const { ask, askUnsigned } = await server();
    expect((await askUnsigned('/dead-letters')).status).toBe(401);
    expect((await askUnsigned('/parked')).status).toBe(401);
    expect((await ask('GET', '/dead-letters/nonsense')).status).toBe(422);
  });
});

describe('shownData', () => {
  it.each([
    ['Mrs Miller', HIDDEN],
    ['2025550143', HIDDEN],
    ['+12025550143', HIDDEN],
    [12025550143, HIDDEN],
    [{ sealed: 'k1.n.c' }, HIDDEN],
    [{ 'Mrs Miller': 1 }, {}],
    ['CALL_STATE_ACTIVE', 'CALL_STATE_ACTIVE'],
    ['2026-03-01T10:00:00Z', '2026-03-01T10:00:00Z'],
    [
      { n: 3, ok: true, list: ['Miller', null] },
      { n: 3, ok: true, list: [HIDDEN, null] },
    ],
  ])('%j → %j', (value, shown) => {
    expect(shownData(value)).toEqual(shown);
  });
});
