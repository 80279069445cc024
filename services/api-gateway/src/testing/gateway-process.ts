import type { DescService } from '@bufbuild/protobuf';
import { Code, ConnectError, type ServiceImpl } from '@connectrpc/connect';
import {
  appointments,
  campaigns,
  demo,
  dialogue,
  directory,
  flows,
  insights,
  notifications,
  patients,
  telephony,
  type DemoStaff,
} from '@wardline/contracts';
import { busSchema } from '@wardline/event-bus';
import { createFieldCipher } from '@wardline/field-encryption';
import { createMemoryKeyring } from '@wardline/field-encryption/testing';
import { createMemoryKeyValue } from '@wardline/key-value';
import { createRecordingLogger } from '@wardline/observability/testing';
import { startTestDatabase } from '@wardline/persistence/testing';
import { createRpcServer, createServiceTokens, type RpcServer } from '@wardline/rpc';
import type { JWK } from 'jose';
import pg from 'pg';
import { INSTALLATION } from '../adapters/postgres/oidc-records.ts';
import { compose, parseConfig } from '../compose.ts';
import { gatewaySchema } from '../schema.ts';

const key = Buffer.alloc(32, 7).toString('base64');
const nowhere = 'http://127.0.0.1:9';

export interface FakeMember extends DemoStaff {
  readonly tenantId: string;
  active: boolean;
  generation: number;
  role: DemoStaff['role'];
}

/** The demo's staff, who can be deactivated and given other roles. */
export function demoStaff(): FakeMember[] {
  return demo.clinics.flatMap(({ tenantId, staff, team }) =>
    [staff, ...team].map((member) => ({ ...member, tenantId, active: true, generation: 1 })),
  );
}

/** As much of directory as signing in needs. */
const signInMethods = (members: readonly FakeMember[]): Partial<ServiceImpl<DirectoryService>> => ({
  verifyStaffPassword: ({ login, password }) => {
    const found = members.find((one) => one.login === login.toLowerCase() && one.password === password);
    if (!found?.active) throw new ConnectError('wrong', Code.Unauthenticated);
    const { tenantId, userId, displayName, role, generation } = found;
    return { tenantId, userId, displayName, role, generation };
  },
  getStaff: ({ userId }) => {
    const found = members.find((one) => one.userId === userId);
    if (!found) throw new ConnectError('nobody', Code.NotFound);
    const { login, displayName, role, active, generation, phone = '' } = found;
    return { staff: { userId, login, displayName, role, active, generation, phone } };
  },
  listClinics: () => ({ clinics: [] }),
});
type DirectoryService = typeof directory.DirectoryService;

/** The processes behind the gateway by the variable that names their address, and what each serves. */
const behind = {
  DIRECTORY: ['directory', [directory.DirectoryService]],
  APPOINTMENTS: ['appointments', [appointments.AppointmentsService]],
  TELEPHONY: ['telephony-gateway', [telephony.CallControlService, telephony.HandOffService]],
  BRAIN: ['conversation-brain', [dialogue.DialogueService, flows.FlowService]],
  NOTIFICATIONS: ['notifications', [notifications.NotificationsService]],
  CAMPAIGNS: ['campaigns', [campaigns.CampaignsService]],
  PATIENTS: ['patients', [patients.PatientsService]],
  INSIGHTS: ['insights', [insights.InsightsService]],
} as const satisfies Record<string, readonly [string, readonly DescService[]]>;

/**
 * The whole gateway on a database of its own, with a small directory behind it, and every other service away unless answers of
 * theirs are given.
 */
export async function startGateway(
  o: {
    readonly env?: Record<string, string>;
    /** Methods of the services behind; without, all but directory are away. */
    readonly answers?: (service: DescService) => Record<string, unknown>;
  } = {},
) {
  const logger = createRecordingLogger('api-gateway');
  const database = await startTestDatabase({ services: [busSchema, gatewaySchema] });
  const members = demoStaff();
  const servers: RpcServer[] = [];
  const urls: Record<string, string> = {};
  for (const [name, [service, descs]] of Object.entries(behind)) {
    urls[`WARDLINE_RPC_${name}`] = nowhere;
    if (!o.answers && name !== 'DIRECTORY') continue;
    const server = createRpcServer({
      ...{ service, port: 0, logger, tokens: createServiceTokens({ key, service }) },
      routes: (router) => {
        for (const desc of descs)
          router.service(
            desc as DescService,
            {
              ...o.answers?.(desc),
              ...(desc === directory.DirectoryService ? signInMethods(members) : {}),
            } as Partial<ServiceImpl<DescService>>,
          );
      },
    });
    await server.start();
    servers.push(server);
    urls[`WARDLINE_RPC_${name}`] = server.baseUrl;
  }
  const keyValue = createMemoryKeyValue();
  const cipher = createFieldCipher(createMemoryKeyring());
  const opened: ReturnType<typeof compose>[] = [];

  /** One more instance on the same database. */
  async function start(env: Record<string, string> = {}) {
    const gateway = compose(
      parseConfig({
        WARDLINE_PORT: '0',
        WARDLINE_HOST: '127.0.0.1',
        WARDLINE_DB_GATEWAY: database.url(gatewaySchema.role),
        WARDLINE_DB_BUS: database.url(busSchema.role),
        WARDLINE_SERVICE_KEY: key,
        ...urls,
        WARDLINE_HTTP_TELEPHONY: nowhere,
        WARDLINE_CHECK_ANSWERS: 'refuse',
        ...o.env,
        ...env,
      }),
      { logger, keyValue, cipher },
    );
    await gateway.start();
    opened.push(gateway);
    return { gateway, url: `http://127.0.0.1:${gateway.port}` };
  }

  const first = await start();
  const admin = new pg.Client({ connectionString: database.adminUrl });
  admin.on('error', () => undefined); // The server may be stopped first.
  await admin.connect();
  return {
    ...{ ...first, logger, members, admin, database, start, keyValue, cipher },
    /** The private key that signs at present, as somebody would have it who has stolen the database and all keys. */
    async signingKey(): Promise<JWK> {
      const { rows } = await admin.query<{ sealed: string }>(
        `SELECT sealed FROM gateway.oidc_keys WHERE purpose = 'token' AND verifies_until IS NULL`,
      );
      const opened = cipher.open(INSTALLATION, rows[0]?.sealed ?? '', 'oidc_keys.sealed');
      return JSON.parse(opened.reveal()) as JWK;
    },
    /** Looks again and again. */
    async until(condition: () => Promise<boolean>, withinMs: number): Promise<void> {
      const end = performance.now() + withinMs;
      while (!(await condition())) {
        if (performance.now() > end) throw new Error(`not within ${withinMs} ms`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    member: (login: string): FakeMember => {
      const found = members.find((one) => one.login === login);
      if (!found) throw new Error(`nobody is ${login}`);
      return found;
    },
    async stop() {
      for (const gateway of opened) await gateway.stop();
      for (const server of servers) await server.close();
      await admin.end();
      await database.stop();
    },
  };
}

export type TestGateway = Awaited<ReturnType<typeof startGateway>>;
