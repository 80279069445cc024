import { randomBytes } from 'node:crypto';
import { Code, ConnectError } from '@connectrpc/connect';
import { directory } from '@wardline/contracts';
import { createSilentLogger } from '@wardline/observability';
import { createRpcServer, createServiceTokens, tenantOf } from '@wardline/rpc';
import { createDirectoryClinicLines } from './directory-clinic-lines.ts';

const key = randomBytes(32).toString('base64');
const tenantId = '01930000-0000-7000-8000-00000000a001';
let asked = 0;
let down = false;
let time = 0;

const server = createRpcServer({
  service: 'directory',
  port: 0,
  tokens: createServiceTokens({ key, service: 'directory' }),
  logger: createSilentLogger(),
  routes: (router) =>
    void router.service(directory.DirectoryService, {
      resolveNumber: ({ number }) => {
        if (down) throw new ConnectError('no', Code.Unavailable);
        if (number === '+12025550110') return { tenantId, clinicId: 'k' };
        throw new ConnectError(
          'no such number',
          number.startsWith('+') ? Code.NotFound : Code.InvalidArgument,
        );
      },
      getClinic: (_request, context) => {
        asked += 1;
        if (down) throw new ConnectError('no', Code.Unavailable);
        return {
          clinic: {
            language: tenantOf(context) === tenantId ? 'en-GB' : '',
            transferNumber: '+442079460119',
            numbers: ['+442079460110', '+442079460111'],
          },
        };
      },
    }),
});
let lines: ReturnType<typeof createDirectoryClinicLines>;

beforeAll(async () => {
  await server.start();
  const tokens = createServiceTokens({ key, service: 'telephony-gateway' });
  lines = createDirectoryClinicLines({
    baseUrl: server.baseUrl,
    tokens,
    now: () => time,
    deadlineMs: 30_000,
  });
});
afterAll(async () => {
  lines.close();
  await server.close();
});

describe('the directory as ClinicLines', () => {
  it('resolves numbers, and knows none behind strange ones', async () => {
    expect(await lines.resolve('+12025550110')).toEqual({ tenantId, clinicId: 'k' });
    expect(await lines.resolve('+12025550199')).toBeUndefined();
    expect(await lines.resolve('anonymous')).toBeUndefined();
  });

  it('sends emergencies to the transfer number where no other is named, and asks again after a while', async () => {
    const expected = {
      ...{ name: '', language: 'en-GB', number: '+442079460110' },
      ...{ transferNumber: '+442079460119', emergencyNumber: '+442079460119' },
    };
    expect(await lines.linesOf(tenantId, 'k')).toEqual(expected);
    await lines.linesOf(tenantId, 'k');
    expect(asked).toBe(1);
    time = 30_000;
    await lines.linesOf(tenantId, 'k');
    expect(asked).toBe(2);
  });

  it('stands by what it last said while it does not answer, and tells a failure from "none"', async () => {
    down = true;
    time = 90_000;
    expect((await lines.linesOf(tenantId, 'k')).language).toBe('en-GB');
    await expect(lines.linesOf(tenantId, 'never-asked')).rejects.toThrow();
    await expect(lines.resolve('+12025550110')).rejects.toThrow();
  });
});
