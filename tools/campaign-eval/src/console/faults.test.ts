import { type Fault, faultsIn } from './faults.ts';

const answer = (method: string, path: string, status: number, atMs = 0): Fault => ({
  ...{ kind: 'answer', atMs, method, path, status },
});
const noAnswer = (error: string, atMs = 0): Fault => ({
  ...{ kind: 'no-answer', atMs, method: 'GET', path: '/api/v1/me', error },
});

describe('faults of pages', () => {
  it('tells an error, a refusal and a broken connection, each once', () => {
    const error: Fault = { kind: 'page-error', atMs: 0, text: 'x is undefined' };
    const broken = noAnswer('net::ERR_CONNECTION_RESET');
    expect(faultsIn([error, error, answer('GET', '/api/v1/calls', 500), broken], [])).toEqual([
      'the console had an error: x is undefined',
      'the console was answered 500 to GET /api/v1/calls',
      'the console had no answer to GET /api/v1/me: net::ERR_CONNECTION_RESET',
    ]);
  });

  it('leaves out what a page asks for knowing that it may not be there', () => {
    const known = [
      answer('GET', '/api/v1/campaigns/1/insight', 404),
      answer('GET', '/api/v1/calls/1/insight', 404),
      answer('POST', '/api/v1/escalations/1/accept', 409),
      noAnswer('net::ERR_ABORTED'),
    ];
    expect(faultsIn(known, [])).toEqual([]);
    expect(faultsIn([answer('GET', '/api/v1/campaigns/1', 404)], [])).toHaveLength(1);
    expect(faultsIn([answer('GET', '/api/v1/calls/1/insight', 403)], [])).toHaveLength(1);
  });

  it('bears with a killed process while it is away and a moment longer, not with its errors', () => {
    const outages = [{ atMs: 10_000, backMs: 14_000 }];
    const refused = (atMs: number) => noAnswer('net::ERR_CONNECTION_REFUSED', atMs);
    expect(faultsIn([refused(10_000), refused(24_000)], outages)).toEqual([]);
    expect(faultsIn([answer('GET', '/api/v1/calls', 503, 12_000)], outages)).toEqual([]);
    expect(faultsIn([refused(9_999)], outages)).toHaveLength(1);
    expect(faultsIn([refused(24_001)], outages)).toHaveLength(1);
    expect(faultsIn([answer('GET', '/api/v1/calls', 500, 12_000)], outages)).toHaveLength(1);
    expect(faultsIn([{ kind: 'page-error', atMs: 12_000, text: 'x' }], outages)).toHaveLength(1);
  });
});
