import { createMemoryKeyValue } from '@wardline/key-value';
import { createSilentLogger } from '@wardline/observability';
import { createLiveFeed, type LiveFeed, type LiveMessage } from '../app/live-feed.ts';
import { openStream, type StreamClient } from '../testing/stream-client.ts';
import { authenticateTestUser, startTestApp, testToken, type TestApp } from '../testing/test-app.ts';
import { liveEndpoints } from './live-endpoints.ts';

let app: TestApp;
let feed: LiveFeed;
let admitted = true;
const opened: StreamClient[] = [];

beforeAll(async () => {
  feed = createLiveFeed({
    keyValue: createMemoryKeyValue(),
    logger: createSilentLogger(),
    history: { entriesMax: 20, charsMax: 100_000 },
  });
  await feed.start();
  app = await startTestApp({
    endpoints: liveEndpoints(feed, { admissionMs: 20, heartbeatMs: 20 }),
    authenticate: async (req) => (admitted ? await authenticateTestUser(req) : undefined),
  });
});
afterEach(() => {
  for (const client of opened.splice(0)) client.close();
  admitted = true;
});
afterAll(async () => {
  await app.close();
  await feed.close();
});

let hospitals = 0;
const newHospital = () => `hospital-${(hospitals += 1)}`;

async function follow(tenantId: string, role = 'admin', lastEventId?: string): Promise<StreamClient> {
  const client = await openStream(`${app.url}/live`, {
    token: testToken({ tenantId, role }),
    ...(lastEventId === undefined ? {} : { lastEventId }),
  });
  opened.push(client);
  await client.until(() => client.events.some(({ event }) => event === 'ready' || event === 'reset'));
  return client;
}
const call = (callId: string): LiveMessage => ({ kind: 'call', callId });
const seen = (client: StreamClient) =>
  client.events.map(({ event, data }) => [event, (JSON.parse(data) as { callId?: string }).callId]);
const until = (client: StreamClient, callId: string) =>
  client.until(() => client.events.some(({ data }) => data.includes(callId)));

describe('the live feed over HTTP', () => {
  it('shows what happens in the own hospital, and nothing of another', async () => {
    const [own, other] = [newHospital(), newHospital()];
    const [client, stranger] = [await follow(own), await follow(other)];
    await feed.publish(own, call('of-own'));
    await feed.publish(other, call('of-other'));
    await until(client, 'of-own');
    await until(stranger, 'of-other');
    expect(seen(client)).toEqual([
      ['ready', undefined],
      ['call', 'of-own'],
    ]);
    expect(seen(stranger)).toEqual([
      ['ready', undefined],
      ['call', 'of-other'],
    ]);
  });

  it('goes on exactly where a viewer was cut off', async () => {
    const own = newHospital();
    const client = await follow(own);
    await feed.publish(own, call('first'));
    await until(client, 'first');
    client.close();
    await feed.publish(own, call('second'));
    await feed.publish(own, call('third'));
    const again = await follow(own, 'admin', client.lastEventId);
    await feed.publish(own, call('fourth'));
    await until(again, 'fourth');
    expect(seen(again)).toEqual([
      ['call', 'second'],
      ['call', 'third'],
      ['ready', undefined],
      ['call', 'fourth'],
    ]);
  });

  it('says reset to who was away for too long, comes from elsewhere, or makes a position up', async () => {
    const [own, other] = [newHospital(), newHospital()];
    const [client, stranger] = [await follow(own), await follow(other)];
    for (let n = 0; n < 21; n++) await feed.publish(own, call(`call-${n}`));
    for (const position of [client.events[0]?.id, stranger.lastEventId, 'nonsense', 'aaaa-1']) {
      const again = await follow(own, 'admin', position);
      expect([position, again.events[0]?.event]).toEqual([position, 'reset']);
    }
    // From a reset on it goes on as usual.
    const again = await follow(own, 'admin', (await follow(own, 'admin', 'nonsense')).lastEventId);
    expect(seen(again)).toEqual([['ready', undefined]]);
  });

  it.each([
    ['frontdesk', ['call', 'appointment', 'message']],
    ['supervisor', ['call', 'line', 'partial', 'hand-off', 'appointment', 'message', 'campaign']],
    ['integrator', ['webhook']],
    ['auditor', []],
  ])('shows a %s no more than the role may see, also of what was missed', async (role, kinds) => {
    const own = newHospital();
    const client = await follow(own, role);
    const all = [
      'call',
      'line',
      'partial',
      'hand-off',
      'appointment',
      'message',
      'campaign',
      'webhook',
      'secret',
    ];
    for (const kind of all) await feed.publish(own, { kind });
    const again = await follow(own, role, client.events[0]?.id);
    expect(again.events.map(({ event }) => event)).toEqual([...kinds, 'ready']);
  });

  it('ends when the token does, or the user is not let in any more', async () => {
    const client = await follow(newHospital());
    admitted = false;
    await client.over;
    expect((await openStream(`${app.url}/live`, { token: testToken({ tenantId: 'x' }) })).status).toBe(401);
  });
});
