import { Code, ConnectError } from '@connectrpc/connect';
import type { campaigns } from '@wardline/contracts';
import { fork } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { startFakeServices, type FakeServices } from '../testing/fake-services.ts';
import { startTestApp, type TestApp } from '../testing/test-app.ts';
import { fileOf, sendBlindly, sendUpload } from '../testing/upload-sender.ts';
import { recipientEndpoints } from './recipient-endpoints.ts';

const MB = 1_048_576;
const manager = { tenantId: '0190a0b0-0000-7000-8000-000000000001', userId: 'u1', role: 'manager' };
const campaignId = '0190a0b0-0000-7000-8000-0000000000c1';
const importId = '0190a0b0-0000-7000-8000-0000000000d1';
const path = `/campaigns/${campaignId}/recipients?name=Name&phone=Phone&appointment=Visit&fileName=march.csv`;

type Messages = AsyncIterable<campaigns.ImportRecipientsRequest>;

describe('an upload', () => {
  let services: FakeServices;
  let app: TestApp;
  beforeAll(async () => {
    services = await startFakeServices();
    app = await startTestApp({ endpoints: recipientEndpoints, hospitalOf: services.hospitalOf });
  });
  afterAll(async () => {
    await app.close();
    await services.close();
  });
  beforeEach(() => {
    services.handlers.campaigns = {};
    app.audit.entries.length = 0;
  });

  /** Takes what comes, as the service does: what it was told, and how it ended. */
  function taking(o: { each?: (bytes: number) => Promise<void> | void } = {}) {
    const taken = { header: undefined as unknown, bytes: 0, largest: 0, text: '' };
    const ended = Promise.withResolvers<'whole' | 'broken'>();
    services.handlers.campaigns.importRecipients = async (messages: Messages) => {
      let whole = false;
      try {
        for await (const { part } of messages) {
          if (part.case === 'header') taken.header = part.value;
          whole = part.case === 'end';
          if (part.case !== 'chunk') continue;
          taken.bytes += part.value.length;
          taken.largest = Math.max(taken.largest, part.value.length);
          if (taken.bytes < 1_000) taken.text += Buffer.from(part.value).toString();
          await o.each?.(taken.bytes);
        }
      } catch (error) {
        ended.resolve('broken');
        throw error;
      }
      // A call that is given up may end like one that is complete; only the last message says that it is.
      ended.resolve(whole ? 'whole' : 'broken');
      return {
        import: {
          importId,
          fileName: 'march.csv',
          state: 'done',
          rows: 3,
          accepted: 2,
          refused: 1,
          repeatedRows: 0,
        },
      };
    };
    return { taken, ended: ended.promise };
  }

  it('hands over the bytes as they are, with the columns, and tells what came of it', async () => {
    const { taken, ended } = taking();
    const file = Buffer.from('\ufeffName;Phone\r\nÅsa;+12025550143\r\n');
    const { answer } = sendUpload(app.url + path, manager, [file], { bytes: file.length });
    expect(await answer).toEqual({
      status: 200,
      body: {
        ...{ id: importId, fileName: 'march.csv', state: 'done', rows: 3 },
        ...{ accepted: 2, refused: 1, repeated: 0, at: null },
      },
    });
    expect(await ended).toBe('whole');
    expect(taken.text).toBe(file.toString());
    expect(taken.header).toMatchObject({
      ...{ campaignId, fileName: 'march.csv', bytes: file.length },
      mapping: {
        name: 'Name',
        phone: 'Phone',
        externalId: '',
        timeZone: '',
        appointmentId: 'Visit',
        language: '',
      },
    });
    expect(app.audit.entries).toMatchObject([
      {
        ...{ action: 'campaigns.import', subject: `campaign/${campaignId}`, outcome: 'done' },
        details: { import: importId, accepted: 2, refused: 1 },
      },
    ]);
    expect(JSON.stringify(app.audit.entries)).not.toMatch(/Åsa|555|march/);
  });

  it('takes one whose length nobody announced', async () => {
    const { taken } = taking();
    const { answer } = sendUpload(app.url + path, manager, fileOf(3 * MB));
    expect((await answer).status).toBe(200);
    expect(taken).toMatchObject({ bytes: 3 * MB, header: { bytes: 0 } });
    expect(taken.largest).toBeLessThanOrEqual(256 * 1_024);
  });

  it('takes two at once, each its own', async () => {
    const lengths: number[] = [];
    services.handlers.campaigns.importRecipients = async (messages: Messages) => {
      let bytes = 0;
      for await (const { part } of messages) bytes += part.case === 'chunk' ? part.value.length : 0;
      lengths.push(bytes);
      return { import: { importId, accepted: bytes } };
    };
    const sizes = [5 * MB, 7 * MB + 1];
    const answers = await Promise.all(
      sizes.map((bytes) => sendUpload(app.url + path, manager, fileOf(bytes), { bytes }).answer),
    );
    expect(answers.map(({ body }) => body['accepted'])).toEqual(sizes);
    expect(lengths.toSorted((a, b) => a - b)).toEqual(sizes);
  });

  it.each([
    ['another content type', { 'content-type': 'application/json' }],
    ['no content type', { 'content-type': '' }],
    ['a packed body', { 'content-encoding': 'gzip' }],
  ])('refuses %s with 415, and asks the service for nothing', async (_what, headers) => {
    const { answer } = sendUpload(app.url + path, manager, fileOf(1_000), { bytes: 1_000, headers });
    expect(await answer).toMatchObject({ status: 415, body: { code: 'unsupported-media-type' } });
    expect(app.audit.entries).toEqual([]);
  });

  it('asks for the column with the numbers before it reads a byte', async () => {
    const { answer } = sendUpload(`${app.url}/campaigns/${campaignId}/recipients`, manager, fileOf(1_000));
    expect(await answer).toMatchObject({ status: 422, body: { problems: [{ field: 'phone' }] } });
  });

  it('never hands over half a file as a whole one when the sender goes away', async () => {
    for (const bytes of [10 * MB, undefined]) {
      const { ended } = taking({
        each: (taken) => (taken > MB ? request.destroy() : undefined) && undefined,
      });
      const forever = async function* () {
        for (;;) yield Buffer.alloc(64 * 1_024, 'a');
      };
      const { request, answer } = sendUpload(
        app.url + path,
        manager,
        forever(),
        bytes === undefined ? {} : { bytes },
      );
      await expect(answer).rejects.toThrow();
      expect(await ended).toBe('broken');
    }
    expect(app.audit.entries).toEqual([]);
  });

  it('ends the work of a service that waits for more when the sender goes away', async () => {
    const begun = Promise.withResolvers<void>();
    const aborted = Promise.withResolvers<void>();
    services.handlers.campaigns.importRecipients = async (_messages: Messages, ctx) => {
      ctx.signal.addEventListener('abort', () => aborted.resolve());
      begun.resolve();
      await aborted.promise;
      throw new ConnectError('given up', Code.Canceled);
    };
    const { request, answer } = sendUpload(app.url + path, manager, fileOf(10_000), { bytes: 20 * MB });
    await begun.promise;
    request.destroy();
    await expect(answer).rejects.toThrow();
    await aborted.promise;
  });

  it('refuses more than 200 MB before it reads any of it, when that was announced', async () => {
    const { taken } = taking();
    const { answer, request } = sendUpload(app.url + path, manager, fileOf(MB), { bytes: 200 * MB + 1 });
    expect(await answer).toMatchObject({ status: 413, body: { code: 'too-large' } });
    expect(taken.bytes).toBe(0);
    request.destroy();
  });

  it.each(['close', 'keep-alive'] as const)(
    'refuses more than 200 MB in the middle, and who reads only after sending gets to read it (%s)',
    async (connection) => {
      const { ended } = taking();
      const answer = await sendBlindly(app.url + path, manager, fileOf(210 * MB, MB), { connection });
      expect(answer).toContain('HTTP/1.1 413');
      expect(answer).toContain('"code":"too-large"');
      expect(await ended).toBe('broken');
    },
  );

  it.each([
    [Code.InvalidArgument, 'columns-unknown: there is no column Phone', 422, 'invalid'],
    [Code.FailedPrecondition, 'recipients can be added only before the start', 409, 'conflict'],
    [Code.ResourceExhausted, 'another file is being imported', 503, 'busy'],
    [Code.NotFound, 'no such campaign', 404, 'not-found'],
  ])('tells what the service refuses in the middle (%s)', async (code, why, status, name) => {
    services.handlers.campaigns.importRecipients = async (messages: Messages) => {
      let bytes = 0;
      for await (const { part } of messages) {
        bytes += part.case === 'chunk' ? part.value.length : 0;
        if (bytes > MB) throw new ConnectError(why, code);
      }
      return {};
    };
    const answer = await sendBlindly(app.url + path, manager, fileOf(20 * MB), { connection: 'close' });
    expect(answer).toContain(`HTTP/1.1 ${status}`);
    expect(answer).toContain(`"code":"${name}"`);
    expect(app.audit.entries).toEqual([]);
  });

  it('leaves a connection usable whose upload was refused', async () => {
    services.handlers.campaigns.importRecipients = () => {
      throw new ConnectError('no such campaign', Code.NotFound);
    };
    services.handlers.campaigns.listRefusedRows = () => ({ rows: [] });
    const next = `/api/v1/imports/${importId}/refused-rows`;
    const answers = await sendBlindly(app.url + path, manager, fileOf(20 * MB), {
      connection: 'keep-alive',
      next,
    });
    expect(answers).toContain('HTTP/1.1 404');
    expect(answers).toContain('HTTP/1.1 200');
  });

  it('takes no more from the sender than a slow service takes', async () => {
    const total = 64 * MB;
    let ahead = 0;
    let slow = true;
    const { taken } = taking({
      each: async (bytes) => {
        if (!slow) return;
        // Until the sender stands still: that it does before it is through is what is tested.
        for (let before = -1; before !== sender.progress.bytes; await wait(300))
          before = sender.progress.bytes;
        ahead = Math.max(ahead, sender.progress.bytes - bytes);
        slow = false;
      },
    });
    const sender = sendUpload(app.url + path, manager, fileOf(total), { bytes: total });
    expect((await sender.answer).status).toBe(200);
    expect(taken.bytes).toBe(total);
    expect(ahead).toBeLessThan(24 * MB);
  });
});

describe('a long upload', () => {
  it('needs no more memory than a short one, and tells when the service goes away', async () => {
    const services = await startFakeServices();
    services.handlers.campaigns.importRecipients = async (messages: Messages) => {
      let bytes = 0;
      for await (const { part } of messages) bytes += part.case === 'chunk' ? part.value.length : 0;
      return { import: { importId, rows: bytes } };
    };
    const child = fork(new URL('../testing/upload-process.ts', import.meta.url), [
      JSON.stringify(services.rpc),
    ]);
    const told = () =>
      new Promise<{ url: string; rssMax: number }>((resolve) => child.once('message', resolve as never));
    const { url } = await told();
    const upload = (bytes: number) => sendUpload(url + path, manager, fileOf(bytes), { bytes }).answer;
    const rssMax = async () => {
      child.send('tell');
      return (await told()).rssMax;
    };
    expect((await upload(2 * MB)).body).toMatchObject({ rows: 2 * MB });
    const before = await rssMax();
    for (const bytes of [100 * MB, 200 * MB])
      expect((await upload(bytes)).body).toMatchObject({ rows: bytes });
    const grown = (await rssMax()) - before;
    if (process.env['WARDLINE_TELL']) process.stderr.write(`grown by ${Math.round(grown / MB)} MB\n`);
    expect(grown).toBeLessThan(150 * MB);
    await services.stop('campaigns');
    expect(await upload(4 * MB)).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    child.disconnect();
    await services.close();
  });
});
