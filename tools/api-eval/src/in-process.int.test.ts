import { startSampleApi } from '@wardline/api-gateway/testing';
import type { OpenApi } from './document.ts';
import { runCases, type Asker, type Found } from './run.ts';

const tenantId = '0190a0b0-0000-7000-8000-000000000001';
const EACH = 12;

async function run(
  o: Parameters<typeof startSampleApi>[0] & {
    roles: (string | undefined)[];
    each?: number;
    only?: (id: string) => boolean;
  },
): Promise<Found> {
  const api = await startSampleApi(o);
  try {
    const document = (await (await fetch(`${api.origin}/api/openapi.json`)).json()) as OpenApi;
    const askers = o.roles.map((role): Asker => ({
      role,
      headers: async () => (role === undefined ? {} : api.headersOf({ tenantId, userId: 'u1', role })),
      pools: { own: {}, foreign: [] },
    }));
    // It is forwarded as it is, to whoever listens; here nobody does.
    const only = ({ id }: { id: string }) => id !== 'takeCarrierWebhook' && (o.only?.(id) ?? true);
    return await runCases({
      ...{ origin: api.origin, document, askers, each: o.each ?? EACH, seed: o.seed, only },
    });
  } finally {
    await api.close();
  }
}

describe('the API before services that answer anything that their contracts allow', () => {
  it('answers every request as its document says', async () => {
    const seed = Number(process.env['WARDLINE_SEED'] ?? 1);
    const found = await run({ seed, roles: ['admin', 'frontdesk', undefined] });
    expect(found.findings).toEqual([]);
    expect(found.operations).toBeGreaterThan(50);
    expect(Object.keys(found.statuses)).toEqual(expect.arrayContaining(['200', '401', '403', '422']));
  }, 120_000);

  type Break = NonNullable<Parameters<typeof startSampleApi>[0]['change']>;
  const breaks: Record<string, { id: string; change: Break; problem: RegExp }> = {
    'answers what it does not declare': {
      id: 'getDialling',
      change: (one) => ({ ...one, handler: async () => ({ status: 200, body: { stopped: 'perhaps' } }) }),
      problem: /^the body breaks its schema/,
    },
    'answers a status that it does not declare': {
      id: 'getDialling',
      change: (one) => ({ ...one, responses: { 202: null }, handler: async () => ({ status: 202 }) }),
      problem: /^status 202 is not declared/,
    },
    'falls over certain texts': {
      id: 'addDoNotCall',
      change: (one) => ({
        ...one,
        handler: async (asked) => {
          const { note } = asked.body as { note: string };
          if (!/^[ -~]*$/.test(note)) throw new Error('planted');
          return one.handler(asked);
        },
      }),
      problem: /^500/,
    },
    'lets in who may not': {
      id: 'getDialling',
      change: (one) => ({ ...one, access: 'signed-in' }),
      problem: /^200 for a auditor, who may not/,
    },
    'takes bodies that its document forbids': {
      id: 'setDialling',
      change: (one) => ({
        ...one,
        body: { parse: () => ({ stopped: true, note: '' }) } as unknown as NonNullable<typeof one.body>,
      }),
      problem: /^200 for a body that the document does not allow/,
    },
  };
  it.each(Object.keys(breaks))('is red when an endpoint %s', async (name) => {
    const { id, change, problem } = breaks[name]!;
    const found = await run({
      ...{ seed: 1, roles: ['admin', 'auditor'], each: 60, checkAnswers: 'log' },
      change: (one) => (one.id === id ? change(one) : one),
      only: (one) => one === id,
    });
    expect(found.findings.map((one) => one.problem)).toContainEqual(expect.stringMatching(problem));
  });
});
