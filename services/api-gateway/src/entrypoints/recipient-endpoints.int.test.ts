import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { events } from '@wardline/contracts';
import http from 'node:http';
import { idOf, refuses, useEndpointBench } from '../testing/endpoint-bench.ts';
import { bearer } from '../testing/test-app.ts';
import { recipientEndpoints } from './recipient-endpoints.ts';

const bench = useEndpointBench(recipientEndpoints);
const campaign = idOf('00d1');
const at = '2026-03-02T10:00:00.000Z';
const stamp = timestampFromDate(new Date(at));
const kept = { campaignId: campaign };

describe('recipients over REST', () => {
  it('shows what a file seems to hold', async () => {
    bench.on.campaigns.inspectFile = ({ beginning }) => ({
      ...{
        columns: ['Nom', 'Tél'],
        encoding: 'windows-1252',
        delimiter: ';',
        sample: [{ cells: ['a', String(beginning.length)] }],
      },
      suggested: { name: 'Nom', phone: 'Tél', appointmentId: 'RDV' },
    });
    const send = (body: Uint8Array<ArrayBuffer>) =>
      fetch(`${bench.url}/campaigns/inspect-file`, {
        ...{ method: 'POST', body },
        headers: {
          ...bearer({ tenantId: bench.tenantId, role: 'manager' }),
          'content-type': 'text/csv; charset=windows-1252',
        },
      });
    const answer = await send(new Uint8Array(256 * 1024));
    expect(await answer.json()).toEqual({
      ...{ columns: ['Nom', 'Tél'], encoding: 'windows-1252', delimiter: ';', sample: [['a', '262144']] },
      suggested: {
        name: 'Nom',
        phone: 'Tél',
        externalId: '',
        timeZone: '',
        appointment: 'RDV',
        language: '',
      },
    });
    const large = await send(new Uint8Array(256 * 1024 + 1));
    expect(large.status).toBe(413);
    expect(await large.json()).toMatchObject({ code: 'too-large', detail: 'It is larger than 256 KB.' });
  });

  it('goes on in the refused rows after the last line that it showed', async () => {
    const row = (line: number) => ({ line, code: 'phone-invalid', problem: 'no number', row: 'Jamie, x' });
    bench.on.campaigns.listRefusedRows = ({ afterLine }) => ({
      rows: afterLine === 0 ? [row(2), row(5)] : [row(9)],
    });
    const path = `/imports/${idOf('00f1')}/refused-rows`;
    expect((await bench.ask('GET', `${path}?limit=2`)).body).toEqual({ items: [row(2), row(5)], next: '5' });
    expect((await bench.ask('GET', `${path}?limit=2&cursor=5`)).body).toEqual({
      items: [row(9)],
      next: null,
    });
    expect(bench.asked('listRefusedRows')).toMatchObject({ importId: idOf('00f1'), afterLine: 5, limit: 2 });
    expect((await bench.ask('GET', `${path}?cursor=2147483648`)).status).toBe(422);
    expect(bench.audited[0]).toEqual({
      action: 'campaigns.refused-rows',
      subject: `import/${idOf('00f1')}`,
      details: {},
    });
    expect(JSON.stringify(bench.audited)).not.toContain('Jamie');
  });

  it('lists who is called, with what came of it', async () => {
    const person = {
      recipientId: idOf('0011'),
      name: 'Jamie',
      number: '+12025550143',
      timeZone: 'America/Denver',
      state: 'settled',
    };
    bench.on.campaigns.listRecipients = () => ({
      recipients: [
        {
          ...{ ...person, result: events.RecipientResult.NOT_REACHED, attempts: 1, nextCallAt: stamp },
          calls: [{ attemptId: idOf('0021'), callId: idOf('0031'), dialledAt: stamp, result: 'no-answer' }],
        },
        { ...person, result: 77 as events.RecipientResult },
      ],
      nextCursor: 'more',
    });
    const { body } = await bench.ask(
      'GET',
      `/campaigns/${campaign}/recipients?state=settled&result=not-reached&cursor=c`,
    );
    const { recipientId, ...same } = person;
    const none = { appointment: null, patient: null, externalId: null };
    expect(body).toEqual({
      items: [
        {
          ...{ id: recipientId, ...same, ...none, result: 'not-reached', attempts: 1, nextCallAt: at },
          calls: [{ id: idOf('0021'), call: idOf('0031'), dialledAt: at, result: 'no-answer' }],
        },
        // A result that only a newer version knows.
        { id: recipientId, ...same, ...none, result: 'unknown', attempts: 0, nextCallAt: null, calls: [] },
      ],
      next: 'more',
    });
    expect(bench.asked('listRecipients')).toMatchObject({
      ...{
        campaignId: campaign,
        state: 'settled',
        result: events.RecipientResult.NOT_REACHED,
        cursor: 'c',
        limit: 50,
      },
    });
    expect((await bench.ask('GET', `/campaigns/${campaign}/recipients?state=asleep`)).status).toBe(422);
  });

  it('records an open page of them once, and each other look of its own', async () => {
    bench.on.campaigns.listRecipients = () => ({ recipients: [], nextCursor: '' });
    const other = idOf('0099');
    const paths = [
      `/campaigns/${campaign}/recipients?limit=7`,
      `/campaigns/${campaign}/recipients?limit=7&state=live`,
      `/campaigns/${other}/recipients?limit=7`,
    ];
    for (let poll = 0; poll < 10; poll += 1)
      for (const path of paths) expect((await bench.ask('GET', path)).status).toBe(200);
    expect(bench.audited.map(({ action, subject }) => [action, subject])).toEqual([
      ['campaigns.recipients', `campaign/${campaign}`],
      ['campaigns.recipients', `campaign/${campaign}`],
      ['campaigns.recipients', `campaign/${other}`],
    ]);
  });
});

describe('results as a file', () => {
  const path = `/campaigns/${campaign}/results.csv`;
  const user = () => bearer({ tenantId: bench.tenantId, role: 'supervisor' });

  it('come piece by piece, as they are', async () => {
    const second = Promise.withResolvers<void>();
    bench.on.campaigns.getCampaign = () => ({ campaign: kept });
    bench.on.campaigns.exportResults = async function* () {
      yield { chunk: Buffer.from('\ufeffname\r\n') };
      await second.promise;
      yield { chunk: Buffer.from("'=1+1\r\n") };
    };
    const answer = await fetch(bench.url + path, { headers: user() });
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="campaign-${campaign}.csv"`);
    expect(bench.audited).toEqual([
      { action: 'campaigns.export', subject: `campaign/${campaign}`, details: {} },
    ]);
    // The first piece is here before there is a second one.
    const reader = answer.body!.getReader();
    let text = Buffer.from((await reader.read()).value!).toString();
    second.resolve();
    for (let next = await reader.read(); !next.done; next = await reader.read())
      text += Buffer.from(next.value).toString();
    expect(text).toBe("\ufeffname\r\n'=1+1\r\n");
  });

  it('of a campaign that is not there are a problem, no file', async () => {
    bench.on.campaigns.getCampaign = refuses(Code.NotFound, 'no such campaign');
    expect(await bench.ask('GET', path)).toMatchObject({ status: 404, body: { code: 'not-found' } });
    expect((await bench.ask('GET', path)).headers.get('content-disposition')).toBeNull();
  });

  it('that fail before the first piece are a problem', async () => {
    bench.on.campaigns.getCampaign = () => ({ campaign: kept });
    bench.on.campaigns.exportResults = refuses(Code.Unavailable) as never;
    const answer = await bench.ask('GET', path);
    expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect(answer.headers.get('content-disposition')).toBeNull();
  });

  it('that fail in the middle are cut off, so that nobody takes them for whole', async () => {
    bench.on.campaigns.getCampaign = () => ({ campaign: kept });
    bench.on.campaigns.exportResults = async function* () {
      for (let i = 0; i < 50; i += 1) yield { chunk: Buffer.alloc(50_000, 'a') };
      throw new ConnectError('the database is away', Code.Internal);
    };
    const { promise, resolve } = Promise.withResolvers<{ status: number; whole: boolean }>();
    http.get(bench.url + path, { headers: user() }, (res) => {
      res.resume();
      res.on('error', () => undefined);
      res.on('close', () => resolve({ status: res.statusCode ?? 0, whole: res.complete }));
    });
    expect(await promise).toEqual({ status: 200, whole: false });
  });

  it('end the work of the service when the reader leaves', async () => {
    const ended = Promise.withResolvers<void>();
    bench.on.campaigns.getCampaign = () => ({ campaign: kept });
    bench.on.campaigns.exportResults = async function* (_request, ctx) {
      ctx.signal.addEventListener('abort', () => ended.resolve());
      yield { chunk: Buffer.from('name\r\n') };
      await ended.promise;
    };
    const request = http.get(bench.url + path, { headers: user() }, (res) => {
      res.on('error', () => undefined);
      res.once('data', () => res.destroy());
    });
    await ended.promise;
    request.destroy();
  });
});
