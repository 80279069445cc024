import type { DeadLetter } from '@wardline/event-bus';
import { createSilentLogger, type Logger } from '@wardline/observability';
import express from 'express';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { createDeadLetterRelease } from '../app/dead-letter-release.ts';
import { createStaffSessions } from '../app/staff-sessions.ts';
import { MemoryDeadLetterStore } from '../testing/dead-letter-memory.ts';
import { MemorySessionStore } from '../testing/memory-session-store.ts';
import { deadLetterRoutes } from './dead-letter-routes.ts';
import { HIDDEN, shownData } from './dead-letter-views.ts';
import { problemHandler } from './problem.ts';
import { requireSession } from './session-routes.ts';

const [OWN, FOREIGN] = ['0190a0b0-0000-7000-8000-000000000001', '0190a0b0-0000-7000-8000-000000000002'];
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
      ...{ topic: 'sms.send', partition: 1, offset: '7', id: letterId(50), tenant_id: tenantId ?? '' },
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
  const staff = createStaffSessions({
    store: new MemorySessionStore(),
    verifyPassword: async () => ({ tenantId: OWN ?? '', userId: 'u1', displayName: 'U', role }),
    sessionHours: 1,
  });
  const storeOf = (tenantId: string) => store.of(tenantId);
  const releases = createDeadLetterRelease({ storeOf, roles: ['admin', 'manager'], logger });
  const app = express();
  app.use(requireSession(staff), deadLetterRoutes({ storeOf, releases }));
  app.use(problemHandler(createSilentLogger()));
  const listening = http.createServer(app);
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  servers.push(listening);
  const cookie = `wardline_session=${(await staff.open('u', 'p'))?.token}`;
  const ask = async (method: string, path: string, headers: Record<string, string> = { cookie }) => {
    const { port } = listening.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/operations${path}`, { method, headers });
    const text = await answer.text();
    return { status: answer.status, text, body: JSON.parse(text) as Record<string, unknown> };
  };
  return { store, ask, said };
}

const servers: http.Server[] = [];
afterEach(async () => {
  for (const listening of servers.splice(0)) {
    listening.closeAllConnections();
    await new Promise((resolve) => listening.close(resolve));
  }
});

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

  it('shows to every role, and releases only for those that may', async () => {
    const { store, ask } = await server('frontdesk');
    store.letters.push(letter(1));
    expect((await ask('GET', '/dead-letters')).body).toMatchObject({ mayRelease: false });
    const refused = await ask('POST', `/dead-letters/${letterId(1)}/replay`);
    expect([refused.status, refused.body['code']]).toEqual([403, 'not-allowed']);
    expect(store.released).toEqual([]);
  });

  it('asks for a sign-in, and refuses what is no id', async () => {
    const { ask } = await server();
    expect((await ask('GET', '/dead-letters', {})).status).toBe(401);
    expect((await ask('GET', '/parked', {})).status).toBe(401);
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
