import iconv from 'iconv-lite';
import {
  csvOf,
  driver,
  numberOf,
  startCampaigns,
  uploadOf,
  type RunningCampaigns,
} from '../testing/index.ts';
import { until } from '../testing/until.ts';

let app: RunningCampaigns;
let us: ReturnType<typeof driver>;

beforeAll(async () => {
  app = await startCampaigns();
  us = driver(app);
});
afterAll(() => app?.stop());

const stored = async (campaignId: string) =>
  Number(
    (await app.admin.query('SELECT count(*) FROM campaigns.recipients WHERE campaign_id = $1', [campaignId]))
      .rows[0].count,
  );
const upload = async (campaignId: string, file: string | Uint8Array, o = {}) =>
  (await us.api.importRecipients(uploadOf(campaignId, file, o))).import!;
const listed = async (campaignId: string) =>
  (await us.api.listRecipients({ campaignId, limit: 200 })).recipients;
const expectNothing = async (campaignId: string) => {
  expect(await stored(campaignId)).toBe(0);
  expect((await us.api.getCampaign({ campaignId })).imports).toEqual([]);
};

describe('an import', () => {
  it('takes good rows, refuses others with reason and advice, and is repeated without effect', async () => {
    const campaignId = await us.draft();
    const file = [
      'Patient Name;Mobile Number;MRN;Time zone;Appointment ID;Language',
      'José Núñez;07700 900001;A-1;;;es',
      '"Hall; Robin";+1 (202) 555-0143;A-2;America/Denver;01930000-0000-7000-8000-00000000ABCD;en-us',
      ';07700 900003;A-3;;;',
      'Sam;12;A-4;;;',
      'Alex;2.02556E+09;A-5;;;',
      'Kim;07700 900006;A-6;Mars/Olympus;;',
      'Lee;07700 900007;A-7;;soon;',
      'Mo;07700 900008;A-8;;;english please',
      'Jo;07700 900009;A-9;;;;extra',
      'Bo;;A-10;;;',
      '',
      'José Núñez;07700900001;A-1;;;',
    ].join('\r\n');
    const first = await upload(campaignId, file);
    expect(first).toMatchObject({
      state: 'done',
      rows: 11,
      accepted: 2,
      refused: 8,
      repeatedRows: 1,
      fileName: 'people.csv',
    });
    expect(await upload(campaignId, file)).toMatchObject({ accepted: 0, refused: 8, repeatedRows: 3 });

    const { rows } = await us.api.listRefusedRows({ importId: first.importId });
    expect(rows.map(({ line, code }) => [line, code])).toEqual([
      [4, 'name-missing'],
      [5, 'phone-invalid'],
      [6, 'phone-invalid'],
      [7, 'time-zone-unknown'],
      [8, 'appointment-invalid'],
      [9, 'language-invalid'],
      [10, 'too-many-cells'],
      [11, 'phone-missing'],
    ]);
    expect(rows[2]?.problem).toContain('a spreadsheet has shortened it');
    expect(rows[1]?.row).toBe('Sam, 12, A-4, , , ');
    const { rows: rest } = await us.api.listRefusedRows({ importId: first.importId, afterLine: 8, limit: 1 });
    expect(rest.map((row) => row.line)).toEqual([9]);

    expect(await listed(campaignId)).toMatchObject([
      {
        name: 'José Núñez',
        number: numberOf(1),
        timeZone: 'Europe/London',
        externalId: 'A-1',
        state: 'waiting',
      },
      {
        ...{ name: 'Hall; Robin', number: '+12025550143', timeZone: 'America/Denver' },
        appointmentId: '01930000-0000-7000-8000-00000000abcd',
      },
    ]);
    expect((await us.api.getCampaign({ campaignId })).imports.map((i) => i.accepted)).toEqual([0, 2]);
  });

  it('keeps two people on one telephone apart', async () => {
    const campaignId = await us.draft();
    const people = [
      { name: 'Alex', phone: numberOf(1) },
      { name: 'Sam', phone: numberOf(1) },
      { name: 'alex', phone: numberOf(1) },
    ];
    expect(await upload(campaignId, csvOf(people))).toMatchObject({ accepted: 2, repeatedRows: 1 });
  });

  it('takes the columns that it is told', async () => {
    const campaignId = await us.draft();
    const file = `who,call,phone\nAlex,${numberOf(1)},none`;
    const mapping = { name: 'who', phone: 'call' };
    expect(await upload(campaignId, file, { mapping })).toMatchObject({ accepted: 1 });
  });

  const text = `name\tphone\nJosé Müller\t${numberOf(5)}\nZoë “Z” O’Hara\t${numberOf(6)}\n`;
  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with its mark', Buffer.from(`\uFEFF${text}`)],
    ['UTF-16 with its mark', iconv.encode(text, 'utf-16le', { addBOM: true })],
    ['UTF-16 without', iconv.encode(text, 'utf-16le', { addBOM: false })],
    ['UTF-16 big-endian', iconv.encode(text, 'utf-16be', { addBOM: true })],
    ['Windows-1252', iconv.encode(text, 'windows-1252')],
    [
      'Windows-1252, late',
      Buffer.concat([
        Buffer.from(`name\tphone\n${'x\t1\n'.repeat(40_000)}`),
        iconv.encode(text.slice(11), 'windows-1252'),
      ]),
    ],
  ])('reads %s', async (_name, bytes) => {
    const campaignId = await us.draft();
    expect(await upload(campaignId, bytes)).toMatchObject({ accepted: 2 });
    expect((await listed(campaignId)).map((r) => r.name)).toEqual(['José Müller', 'Zoë “Z” O’Hara']);
  });

  const good = `name,phone\nAlex,${numberOf(1)}\n`;
  it.each<[string, Uint8Array | string, object, string]>([
    ['is empty', '', {}, 'file-empty'],
    ['has only a header', 'name,phone\n', {}, 'file-empty'],
    ['is shorter than announced', good, { bytes: good.length + 1 }, 'file-cut-off'],
    ['is longer than announced', good, { bytes: good.length - 1 }, 'file-cut-off'],
    ['is announced to be too large', good, { bytes: 200 * 1024 * 1024 + 1 }, 'file-too-large'],
    ['ends inside a quote', `${good}"Sam,${numberOf(2)}\n`, {}, 'file-cut-off'],
    [
      'has a quote that nobody closes',
      `${good}"Sam,${numberOf(2)}\n${good.repeat(10_000)}`,
      {},
      'file-malformed',
    ],
    ['has a row without end', `name,phone\n${'x'.repeat(200_000)}`, {}, 'file-malformed'],
    ['has no column of phones', 'name,age\nAlex,7\n', {}, 'columns-unknown'],
    [
      'has two columns of that name',
      `name,phone,phone\nAlex,1,2\n`,
      { mapping: { name: 'name', phone: 'phone' } },
      'columns-unknown',
    ],
    [
      'has 200 columns',
      `${Array.from({ length: 200 }, (_, i) => `c${i}`).join(',')}\n1\n`,
      {},
      'too-many-columns',
    ],
    ['is a workbook', Buffer.from('504b030414000600', 'hex'), {}, 'file-not-text'],
    ['is no text', Buffer.from(`name,phone\n\0\0\x01${'x'.repeat(50)}`), {}, 'file-not-text'],
    [
      'changes its encoding',
      Buffer.concat([Buffer.from(`${good}José,1\n`.repeat(20_000)), Buffer.from([0x4a, 0xe9, 0x0a])]),
      {},
      'file-encoding',
    ],
  ])('of a file that %s says so and stores nothing', async (_name, file, o, code) => {
    const campaignId = await us.draft();
    await expect(upload(campaignId, file, o)).rejects.toThrow(`${code}: `);
    await expectNothing(campaignId);
  });

  it('that breaks off in the middle stores nothing, and leaves its place to others', async () => {
    const campaignId = await us.draft();
    async function* broken() {
      for await (const part of uploadOf(
        campaignId,
        csvOf(Array.from({ length: 900 }, (_, i) => ({ name: 'X', phone: numberOf(i) }))),
      )) {
        yield part;
      }
      throw new Error('the browser was closed');
    }
    for (let i = 0; i < 3; i += 1) await expect(us.api.importRecipients(broken())).rejects.toThrow();
    await expectNothing(campaignId);
    // Whoever breaks off does not wait until the service has noticed, which is in the middle of a batch.
    let taken: unknown;
    await until(async () => {
      taken = await upload(campaignId, good).catch((error: unknown) => error);
      return !String(taken).includes('another file is being imported');
    });
    expect(taken).toMatchObject({ accepted: 1 });
  });

  it('whose connection to the database is lost fails alone, and leaves its place to others', async () => {
    const campaignId = await us.draft();
    const file = csvOf(Array.from({ length: 20_000 }, (_, i) => ({ name: `X${i}`, phone: numberOf(i) })));
    /** As PostgreSQL does itself to who stands still for too long in a transaction. */
    const endIt = async (): Promise<boolean> => {
      const { rowCount } = await app.admin.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE state = 'idle in transaction' AND query ILIKE 'insert into campaigns.recipients%'`,
      );
      return rowCount === 1;
    };
    async function* interrupted() {
      let parts = 0;
      for await (const part of uploadOf(campaignId, file)) {
        yield part;
        parts += 1;
        if (parts === 4) await until(endIt);
      }
    }
    for (let i = 0; i < 3; i += 1) await expect(us.api.importRecipients(interrupted())).rejects.toThrow();
    await expectNothing(campaignId);
    expect(await upload(campaignId, good)).toMatchObject({ accepted: 1 });
  });

  it('of unknown length stores nothing when nobody says that it was all', async () => {
    const campaignId = await us.draft();
    // This is how a call ends that is given up.
    async function* givenUp() {
      for await (const part of uploadOf(campaignId, good, { bytes: 0 }))
        if (part.part?.case !== 'end') yield part;
    }
    await expect(us.api.importRecipients(givenUp())).rejects.toThrow('file-cut-off');
    await expectNothing(campaignId);
    expect(await upload(campaignId, good, { bytes: 0 })).toMatchObject({ accepted: 1, state: 'done' });
  });

  it('into a campaign that is started meanwhile stores nothing', async () => {
    const campaignId = await us.draftWith([{ name: 'Alex', phone: numberOf(1) }]);
    async function* slow() {
      for await (const part of uploadOf(campaignId, csvOf([{ name: 'Sam', phone: numberOf(2) }]))) yield part;
      await us.start(campaignId);
    }
    await expect(us.api.importRecipients(slow())).rejects.toThrow('only before the start');
    expect(await stored(campaignId)).toBe(1);
  });

  it('runs once at a time per campaign', async () => {
    const campaignId = await us.draft();
    let answered = false;
    const one = async () => {
      async function* untilOneIsAnswered() {
        for await (const part of uploadOf(campaignId, good)) yield part;
        await until(() => answered);
      }
      return us.api.importRecipients(untilOneIsAnswered()).finally(() => (answered = true));
    };
    const outcomes = await Promise.allSettled([one(), one()]);
    expect(outcomes.map((o) => o.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(String(outcomes.find((o) => o.status === 'rejected')?.reason)).toContain(
      'another file is being imported',
    );
    expect(await stored(campaignId)).toBe(1);
  });

  it('shows nobody’s name or number to who reads tables or the log', async () => {
    const campaignId = await us.draftWith([
      { name: 'Wilhelmina Unique', phone: numberOf(77), externalId: 'MRN-77' },
    ]);
    const refused = await upload(campaignId, 'name,phone\nBartholomew Unique,12345\n');
    expect(refused).toMatchObject({ state: 'refused', refused: 1 });
    const tables = [];
    for (const table of ['recipients', 'refused_rows', 'outbox', 'imports'])
      tables.push(await app.admin.query(`SELECT * FROM campaigns.${table}`));
    const all = JSON.stringify(tables.map((t) => t.rows)) + app.logger.text();
    for (const secret of ['Unique', '7700900077', 'MRN-77', '12345']) expect(all).not.toContain(secret);
  });

  it('tells the service patients of everybody, who then are its people', async () => {
    app.patients.failures = 1;
    const campaignId = await us.draftWith([
      { name: 'Alex Register', phone: numberOf(1) },
      { name: 'Sam Register', phone: numberOf(1), externalId: 'P-9' },
    ]);
    const known = async (): Promise<string[]> => (await listed(campaignId)).map((r) => r.patientId);
    // The first try fails; it is made again a minute later.
    await until(() => app.patients.failures === 0);
    app.clock.ms += 61_000;
    await until(async () => (await known()).every((id) => id !== ''));
    expect(new Set(await known())).toEqual(
      new Set([
        app.patients.registered.get(`${numberOf(1)} Alex Register`),
        app.patients.registered.get('P-9'),
      ]),
    );
  });
});

it('a recipient whom patients does not take keeps nobody else from being one of its people', async () => {
  app.patients.neverTaken.add('P3');
  const people = Array.from({ length: 7 }, (_, i) => ({ name: `P${i}`, phone: numberOf(i) }));
  const campaignId = await us.draftWith(people);
  await until(async () => {
    const { rows } = await app.admin.query(
      'SELECT count(*)::int AS n FROM campaigns.recipients WHERE campaign_id = $1 AND register_at IS NOT NULL',
      [campaignId],
    );
    return rows[0].n === 0;
  });
  expect((await listed(campaignId)).filter((r) => r.patientId === '').map((r) => r.name)).toEqual(['P3']);
});

describe('looking into a file', () => {
  it('shows columns, a sample and what the columns seem to be', async () => {
    const file =
      '\uFEFFFull Name;Cell Phone;Patient ID;PreferredLanguage;Notes\r\nA;1;2;en;"x;y"\r\nB;1;2;en;z\r\nC;';
    const found = await us.api.inspectFile({ beginning: Buffer.from(file) });
    expect(found).toMatchObject({
      columns: ['Full Name', 'Cell Phone', 'Patient ID', 'PreferredLanguage', 'Notes'],
      encoding: 'utf-8',
      delimiter: ';',
      suggested: {
        name: 'Full Name',
        phone: 'Cell Phone',
        externalId: 'Patient ID',
        language: 'PreferredLanguage',
      },
    });
    expect(found.sample[0]?.cells).toEqual(['A', '1', '2', 'en', 'x;y']);
  });

  it('shows the rows before a cut in the middle of a quote', async () => {
    const found = await us.api.inspectFile({ beginning: Buffer.from('name,phone\nA,1\n"B') });
    expect(found.sample).toHaveLength(1);
  });
});
