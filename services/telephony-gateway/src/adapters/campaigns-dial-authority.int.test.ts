import { durationFromMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { campaigns } from '@wardline/contracts';
import { createSilentLogger } from '@wardline/observability';
import { createRpcServer, createServiceTokens, tenantOf } from '@wardline/rpc';
import { createCampaignsDialAuthority } from './campaigns-dial-authority.ts';

const key = Buffer.alloc(32, 5).toString('base64');
const tenantId = '01930000-0000-7000-8000-00000000a001';
const id = (last: string) => `01930000-0000-7000-8000-00000000000${last}`;
const allowed = {
  ...{ allowed: true, callId: id('1'), clinicId: id('2'), campaignId: id('3'), to: '+12025550143' },
  ...{ ringTime: durationFromMs(20_000), language: 'es-US', leavesVoicemail: true },
};

let answer: () => Promise<object>;
const asked: { tenantId: string; attemptId: string }[] = [];
const server = createRpcServer({
  service: 'campaigns',
  port: 0,
  tokens: createServiceTokens({ key, service: 'campaigns' }),
  logger: createSilentLogger(),
  routes: (router) =>
    router.service(campaigns.DiallingService, {
      authorizeDial: async ({ attemptId }, context) => {
        asked.push({ tenantId: tenantOf(context), attemptId });
        return answer();
      },
      getAttempt: () => {
        throw new ConnectError('not asked', Code.Unimplemented);
      },
    }),
});
const authority = (deadlineMs = 30_000) =>
  createCampaignsDialAuthority({
    baseUrl: server.baseUrl,
    tokens: createServiceTokens({ key, service: 'telephony-gateway' }),
    deadlineMs,
  });
let patient: ReturnType<typeof authority>;

beforeAll(async () => {
  await server.start();
  patient = authority();
});
afterAll(async () => {
  patient.close();
  await server.close();
});

describe('campaigns as DialAuthority', () => {
  it('allows a call, and says which', async () => {
    answer = async () => allowed;
    expect(await patient.ask(tenantId, id('9'))).toEqual({
      kind: 'allowed',
      call: {
        ...{ callId: id('1'), clinicId: id('2'), campaignId: id('3'), to: expect.anything() },
        ...{ ringMs: 20_000, language: 'es-US', leavesVoicemail: true },
      },
    });
    expect(asked.at(-1)).toEqual({ tenantId, attemptId: id('9') });
  });

  it.each([
    [undefined, 30_000],
    [1_000, 5_000],
    [600_000, 60_000],
  ])('lets it ring for a time that the carrier takes: %p is %p', async (ms, expected) => {
    answer = async () => ({ ...allowed, ringTime: ms === undefined ? undefined : durationFromMs(ms) });
    expect(await patient.ask(tenantId, id('9'))).toMatchObject({ call: { ringMs: expected } });
  });

  it('refuses with its reason', async () => {
    answer = async () => ({ ...allowed, allowed: false, reason: 'paused' });
    expect(await patient.ask(tenantId, id('9'))).toEqual({ kind: 'refused', reason: 'paused' });
  });

  it.each([
    ['no call', { callId: '' }],
    ['no number', { to: '' }],
    ['a number that is none', { to: '12345' }],
    ['no campaign', { campaignId: '' }],
  ])('is not taken at its word with %s', async (_what, change) => {
    answer = async () => ({ ...allowed, ...change });
    const refused = await patient.ask(tenantId, id('9')).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Error);
    expect(String(refused)).not.toContain(allowed.to);
  });

  it('is no yes when it fails', async () => {
    answer = async () => {
      throw new ConnectError('no', Code.Unavailable);
    };
    await expect(patient.ask(tenantId, id('9'))).rejects.toThrow();
  });

  it('is no yes when it does not answer in time', async () => {
    answer = () => new Promise(() => undefined);
    const hasty = authority(100);
    await expect(hasty.ask(tenantId, id('9'))).rejects.toThrow();
    hasty.close();
  });
});
