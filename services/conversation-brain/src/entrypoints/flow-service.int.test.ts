import { Code, ConnectError } from '@connectrpc/connect';
import { flows } from '@wardline/contracts';
import { createFieldCipher } from '@wardline/field-encryption';
import { createMemoryKeyring } from '@wardline/field-encryption/testing';
import { createMemoryKeyValue } from '@wardline/key-value';
import { createSilentLogger } from '@wardline/observability';
import { startTestDatabase, type TestDatabase } from '@wardline/persistence/testing';
import { createRpcClient, createServiceTokens } from '@wardline/rpc';
import { randomBytes, randomUUID } from 'node:crypto';
import { compose } from '../compose.ts';
import { brainSchema } from '../schema.ts';

/** FlowService over its own protocol on a real Postgres; the services that calls need are not there. */
const serviceKey = randomBytes(32).toString('base64');
const nowhere = 'http://127.0.0.1:9';
let database: TestDatabase;
let brain: ReturnType<typeof compose>;

beforeAll(async () => {
  database = await startTestDatabase({ services: [brainSchema] });
  const config = {
    host: '127.0.0.1',
    rpcPort: 0,
    databaseUrl: database.url('wardline_brain'),
    serviceKey,
    rpc: { directory: nowhere, appointments: nowhere, telephony: nowhere },
    keyValue: {},
    keysDir: 'unused',
    masterKey: 'unused',
  };
  const cipher = createFieldCipher(createMemoryKeyring());
  brain = compose(config, { logger: createSilentLogger(), keyValue: createMemoryKeyValue(), cipher });
  await brain.start();
});
afterAll(async () => {
  await brain?.stop();
  await database?.stop();
});

async function asking<T>(
  work: (client: ReturnType<ReturnType<typeof clientOf>['forTenant']>) => Promise<T>,
  o: { tenantId?: string; service?: string } = {},
): Promise<T> {
  const client = clientOf(o.service ?? 'api-gateway');
  try {
    return await work(client.forTenant(o.tenantId ?? randomUUID()));
  } finally {
    client.close();
  }
}

const clientOf = (service: string) =>
  createRpcClient(flows.FlowService, {
    baseUrl: `http://127.0.0.1:${brain.port}`,
    callee: 'conversation-brain',
    tokens: createServiceTokens({ key: serviceKey, service }),
  });

const codeOf = (work: Promise<unknown>): Promise<Code | undefined> =>
  work.then(
    () => undefined,
    (error: unknown) => ConnectError.from(error).code,
  );

it('has the ready scripts, for campaigns too, with what they need', async () => {
  const { flows: all } = await asking((client) => client.listFlows({}), { service: 'campaigns' });
  expect(all.map(({ flowId, version, readyMade }) => ({ flowId, version, readyMade }))).toEqual([
    { flowId: 'appointment-reminder', version: 1, readyMade: true },
    { flowId: 'no-show-recovery', version: 1, readyMade: true },
  ]);
  expect(all[0]).toMatchObject({
    title: 'Appointment reminder',
    languages: ['en'],
    needs: ['appointment.doctor', 'appointment.when', 'patient.name'],
    leavesVoicemail: true,
  });
  expect(await codeOf(asking((client) => client.getFlow({ flowId: 'unknown' })))).toBe(Code.NotFound);
  expect(await codeOf(asking((client) => client.listFlows({}), { service: 'notifications' }))).toBe(
    Code.PermissionDenied,
  );
});

it("a hospital's own version of a ready script is its alone, and the ready one stays for calls that began with it", async () => {
  const tenantId = randomUUID();
  await asking(
    async (client) => {
      const { flow } = await client.getFlow({ flowId: 'appointment-reminder' });
      const definition = flow!.definition.replace('Thank you. Your', 'Wonderful. Your');
      const saved = await client.saveFlow({ flowId: 'appointment-reminder', definition, afterVersion: 1 });
      expect(saved.flow).toMatchObject({ version: 2, readyMade: false, title: 'Appointment reminder' });
      expect((await client.getFlow({ flowId: 'appointment-reminder' })).flow?.definition).toMatch(
        /Wonderful/,
      );
      const first = await client.getFlow({ flowId: 'appointment-reminder', version: 1 });
      expect(first.flow?.definition).not.toMatch(/Wonderful/);
      expect((await client.listFlows({})).flows.map(({ version }) => version)).toEqual([2, 1]);
    },
    { tenantId },
  );
  const others = await asking((client) => client.getFlow({ flowId: 'appointment-reminder' }));
  expect(others.flow?.version).toBe(1);
});

it('makes one next version out of two at once, and refuses the one that began from an older', async () => {
  const tenantId = randomUUID();
  await asking(
    async (client) => {
      const { flow } = await client.getFlow({ flowId: 'no-show-recovery' });
      const save = (afterVersion: number) =>
        codeOf(
          client.saveFlow({ flowId: 'our-own', definition: flow!.definition, afterVersion, title: 'Ours' }),
        );
      expect((await Promise.all([save(0), save(0)])).sort()).toEqual([Code.Aborted, undefined]);
      expect(await save(0)).toBe(Code.Aborted);
      expect(await save(7)).toBe(Code.Aborted);
      expect(await save(1)).toBeUndefined();
      expect((await client.getFlow({ flowId: 'our-own' })).flow).toMatchObject({ version: 2, title: 'Ours' });
    },
    { tenantId },
  );
});

it('says what is wrong, where, and saves nothing of it', async () => {
  await asking(async (client) => {
    const { flow } = await client.getFlow({ flowId: 'appointment-reminder' });
    const definition = flow!.definition.replace('"next": "cancel-check"', '"next": "nowhere"');
    const { problems } = await client.checkFlow({ definition });
    expect(problems).toEqual([
      expect.objectContaining({
        at: expect.stringMatching(/^\/nodes\/\d+\/answers\/2\/next$/),
        problem: 'there is no node "nowhere"',
      }),
    ]);
    const save = client.saveFlow({ flowId: 'x', definition, afterVersion: 0 });
    await expect(save).rejects.toMatchObject({ code: Code.InvalidArgument });
    expect((await client.checkFlow({ definition: '{' })).problems).toHaveLength(1);
    expect((await client.checkFlow({ definition: flow!.definition })).problems).toEqual([]);
    expect(await codeOf(client.getFlow({ flowId: 'x' }))).toBe(Code.NotFound);
  });
});
