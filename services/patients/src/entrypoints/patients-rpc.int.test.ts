import { Code } from '@connectrpc/connect';
import { demo, patients } from '@wardline/contracts';
import { uuidv7 } from '@wardline/event-bus';
import { startPatients, type RunningPatients } from '../testing/index.ts';

const [riverside, harbour] = demo.clinics;
const { OPTED_OUT, OPTED_IN } = patients.ConsentChange;

let run: RunningPatients;
beforeAll(async () => {
  run = await startPatients();
});
afterAll(() => run?.stop());

let nextNumber = 0;
/** A number that no other test uses, in the range reserved for fiction. */
const freshNumber = (): string => `+1202555${String(100 + (nextNumber += 1)).padStart(4, '0')}`;
const rpc = () => run.as(riverside.tenantId);

const register = async (...rows: { externalId?: string; name?: string; number: string }[]) =>
  (await rpc().registerPatients({ patients: rows })).patientIds;
const registerOne = async (name: string, number: string) => (await register({ name, number }))[0]!;
const say = (
  change: patients.ConsentChange,
  o: { patientId?: string; number?: string; idempotencyKey?: string; note?: string; callId?: string },
) => rpc().recordConsent({ change, source: 'voice', idempotencyKey: uuidv7(), ...o });
const allowed = async (...callees: { patientId?: string; number: string }[]) =>
  (await rpc().checkOutreach({ callees })).allowed;

describe('registering people', () => {
  it('answers in the order asked, and the same when asked again', async () => {
    const [home, mobile] = [freshNumber(), freshNumber()];
    const rows = [
      { name: 'Maria Lopez', number: home },
      { name: 'Juan Lopez', number: home },
      { name: 'María  LÓPEZ', number: home },
      { externalId: 'MRN-1', name: 'Ana Ruiz', number: home },
      { externalId: 'MRN-1', name: 'Ana Ruiz', number: mobile },
    ];
    const ids = await register(...rows);
    expect(ids.map((id) => ids.indexOf(id))).toEqual([0, 1, 0, 3, 3]);
    expect(await register(...rows)).toEqual(ids);
    const ana = (await rpc().getPatient({ patientId: ids[3]! })).patient!;
    expect(ana).toMatchObject({ externalId: 'MRN-1', name: 'Ana Ruiz', outreachAllowed: true });
    expect([...ana.numbers].sort()).toEqual([home, mobile]);
  });

  it('makes everybody once when several do it at the same time', async () => {
    const before = (await run.admin.query('SELECT count(*)::int AS n FROM patients.people')).rows[0];
    const rows = Array.from({ length: 300 }, (_, n) => ({ name: `Person ${n % 20}`, number: freshNumber() }));
    const answers = await Promise.all(Array.from({ length: 4 }, () => register(...rows)));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    const { rows: found } = await run.admin.query('SELECT count(*)::int AS n FROM patients.people');
    expect(found[0]).toEqual({ n: before.n + 300 });
  });

  it('takes the newest spelling of a name for a person of an external id, and finds them by it', async () => {
    const number = freshNumber();
    const [before] = await register({ externalId: 'MRN-2', name: 'Beatrix Quorn', number });
    const [after] = await register({ externalId: 'MRN-2', name: 'Beatrix Miller-Quorn', number });
    expect(after).toBe(before);
    const found = await rpc().listPatients({ name: 'quorn MILLER' });
    expect(found.patients.map(({ name }) => name)).toEqual(['Beatrix Miller-Quorn']);
    expect((await rpc().listPatients({ name: 'Quorn Smith' })).patients).toEqual([]);
  });

  it('tells nobody of people of whom there is nothing to know', async () => {
    await run.relay();
    await register({ name: 'Quiet Person', number: freshNumber() });
    expect(await run.relay()).toEqual([]);
  });

  it('names what is wrong with which row, without showing it', async () => {
    const refused = register({ name: 'Ana', number: '0202 555' }, { name: '--', number: freshNumber() });
    await expect(refused).rejects.toMatchObject({ code: Code.InvalidArgument });
    const text = await refused.catch(String);
    expect(text).toContain('patients[0].number must be a phone number in E.164');
    expect(text).toContain('patients[1] needs a name or an external_id');
    expect(text).not.toContain('0202 555');
    const many = Array.from({ length: 1_001 }, () => ({ name: 'Ana', number: '+12025550143' }));
    await expect(register(...many)).rejects.toMatchObject({ code: Code.InvalidArgument });
  });
});

describe('listing people', () => {
  it('goes through all of them, newest first, a page at a time', async () => {
    const number = freshNumber();
    const ids: string[] = [];
    for (const name of ['First', 'Second', 'Third']) ids.push(await registerOne(name, number));
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await rpc().listPatients({ number, limit: 2, cursor });
      seen.push(...page.patients.map(({ patientId }) => patientId));
      cursor = page.nextCursor;
    } while (cursor !== '');
    expect(seen).toEqual(ids.toReversed());
  });
});

describe('consent', () => {
  it('blocks the person at every number, and the number whoever answers it', async () => {
    const [home, mobile, other] = [freshNumber(), freshNumber(), freshNumber()];
    const [ana] = await register(
      { externalId: 'MRN-3', name: 'Ana', number: home },
      { externalId: 'MRN-3', name: 'Ana', number: mobile },
    );
    const ben = await registerOne('Ben', home);
    await say(OPTED_OUT, { patientId: ana!, number: home });
    expect(
      await allowed(
        { patientId: ana!, number: home },
        { patientId: ana!, number: mobile },
        { patientId: ben, number: home },
        { patientId: ben, number: other },
        { number: home },
        { number: mobile },
        { patientId: uuidv7(), number: other },
        { number: other },
      ),
    ).toEqual([false, false, false, true, false, true, true, true]);
    expect((await rpc().getPatient({ patientId: ana! })).patient).toMatchObject({ outreachAllowed: false });
  });

  it('blocks every number of a person when none is said', async () => {
    const [home, mobile] = [freshNumber(), freshNumber()];
    const [ana] = await register(
      { externalId: 'MRN-4', name: 'Ana', number: home },
      { externalId: 'MRN-4', name: 'Ana', number: mobile },
    );
    await say(OPTED_OUT, { patientId: ana! });
    expect(await allowed({ number: home }, { number: mobile })).toEqual([false, false]);
    await say(OPTED_IN, { patientId: ana! });
    expect(await allowed({ patientId: ana!, number: home }, { number: mobile })).toEqual([true, true]);
  });

  it('blocks a number of which nobody is known, as an entry without a name', async () => {
    const number = freshNumber();
    const ben = await registerOne('Ben', number);
    await run.relay();
    await say(OPTED_OUT, { number });
    expect(await allowed({ number }, { patientId: ben, number })).toEqual([false, false]);

    const events = await run.relay();
    const key = run.cipher.blindIndex(riverside.tenantId, number, 'patient-number');
    const byId = new Map(events.map((event) => [event.key, event.data]));
    const whoever = (await rpc().listPatients({ number })).patients.find(({ name }) => name === '')!;
    expect(byId.size).toBe(2);
    expect(byId.get(whoever.patientId)).toMatchObject({
      numberKeys: [key],
      outreachAllowed: false,
      blockedNumberKeys: [key],
    });
    // Ben said nothing: he may be called elsewhere, only not there.
    expect(byId.get(ben)).toMatchObject({ outreachAllowed: true, blockedNumberKeys: [key] });

    await say(OPTED_IN, { number });
    expect(await allowed({ number }, { patientId: ben, number })).toEqual([true, true]);
    const after = await run.relay();
    expect(after.map(({ data }) => data['blockedNumberKeys'])).toEqual([[], []]);
    expect((await rpc().getPatient({ patientId: whoever.patientId })).ledger.map((e) => e.change)).toEqual([
      OPTED_OUT,
      OPTED_IN,
    ]);
  });

  it('is told with the call in which it was said, until it is taken back', async () => {
    const number = freshNumber();
    const [ana, ben] = await register({ name: 'Ana', number }, { name: 'Ben', number });
    const told = async () =>
      new Map((await run.relay()).map(({ key, data }) => [key, data['optedOutInCall']]));
    await run.relay();
    const callId = uuidv7();
    await say(OPTED_OUT, { patientId: ana!, number, callId });
    expect([...(await told())].sort()).toEqual(
      [
        [ana, callId],
        [ben, ''],
      ].sort(),
    );
    await say(OPTED_IN, { patientId: ana!, number });
    expect((await told()).get(ana!)).toBe('');
    await say(OPTED_OUT, { patientId: ana!, number });
    expect((await told()).get(ana!)).toBe('');
  });

  it('is not taken back for one by another who shares the number', async () => {
    const number = freshNumber();
    const [ana, ben] = await register({ name: 'Ana', number }, { name: 'Ben', number });
    await say(OPTED_OUT, { patientId: ana!, number });
    await say(OPTED_OUT, { patientId: ben!, number });
    await say(OPTED_IN, { patientId: ben!, number });
    expect(await allowed({ patientId: ben!, number })).toEqual([false]);
    await say(OPTED_IN, { patientId: ana! });
    expect(await allowed({ patientId: ben!, number }, { patientId: ana!, number })).toEqual([true, true]);
  });

  it('is recorded once per key, however often and simultaneously it comes', async () => {
    const number = freshNumber();
    const idempotencyKey = uuidv7();
    const ana = await registerOne('Ana', number);
    await run.relay();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => say(OPTED_OUT, { patientId: ana, number, idempotencyKey })),
    );
    expect(new Set(answers.map(({ entryId }) => entryId)).size).toBe(1);
    expect((await rpc().getPatient({ patientId: ana })).ledger).toHaveLength(1);
    expect(await run.relay()).toHaveLength(1);
    // The same key for something else must not be answered as if that had been recorded.
    await expect(say(OPTED_OUT, { number, idempotencyKey })).rejects.toMatchObject({
      code: Code.AlreadyExists,
    });
  });

  it('keeps entry and event together: what is not told is not recorded', async () => {
    const number = freshNumber();
    const ana = await registerOne('Ana', number);
    await run.admin.query('REVOKE INSERT ON patients.outbox FROM wardline_patients');
    try {
      await expect(say(OPTED_OUT, { patientId: ana, number })).rejects.toMatchObject({ code: Code.Internal });
    } finally {
      await run.admin.query('GRANT INSERT ON patients.outbox TO wardline_patients');
    }
    expect((await rpc().getPatient({ patientId: ana })).ledger).toEqual([]);
    expect(await allowed({ patientId: ana, number })).toEqual([true]);
  });

  it('tells of a blocked person who gets another number, and of a new one at a blocked number', async () => {
    const [home, mobile] = [freshNumber(), freshNumber()];
    const [ana] = await register({ externalId: 'MRN-5', name: 'Ana', number: home });
    await say(OPTED_OUT, { patientId: ana!, number: home });
    await run.relay();
    await register({ externalId: 'MRN-5', name: 'Ana', number: mobile });
    const cleo = await registerOne('Cleo', home);
    const [ofAna, ofCleo] = (await run.relay()).map(({ data }) => data);
    expect(ofAna).toMatchObject({ patientId: ana, outreachAllowed: false });
    expect(ofAna!['numberKeys']).toHaveLength(2);
    expect(ofCleo).toMatchObject({ patientId: cleo, outreachAllowed: true });
    expect(ofCleo!['blockedNumberKeys']).toEqual(ofCleo!['numberKeys']);
  });

  it('is refused for a patient who does not exist', async () => {
    await expect(say(OPTED_OUT, { patientId: uuidv7() })).rejects.toMatchObject({ code: Code.NotFound });
    await expect(say(OPTED_OUT, {})).rejects.toMatchObject({ code: Code.InvalidArgument });
  });
});

describe('between hospitals and services', () => {
  it('shows and blocks nothing of another hospital', async () => {
    const number = freshNumber();
    const ana = await registerOne('Ana', number);
    await say(OPTED_OUT, { patientId: ana, number });
    const there = run.as(harbour.tenantId);
    await expect(there.getPatient({ patientId: ana })).rejects.toMatchObject({ code: Code.NotFound });
    await expect(
      there.recordConsent({ patientId: ana, change: OPTED_IN, source: 'staff', idempotencyKey: uuidv7() }),
    ).rejects.toMatchObject({ code: Code.NotFound });
    expect((await there.listPatients({ number })).patients).toEqual([]);
    expect((await there.checkOutreach({ callees: [{ patientId: ana, number }] })).allowed).toEqual([true]);
  });

  it('refuses services that have no business here', async () => {
    const stranger = run.clientAs('voice-media').forTenant(riverside.tenantId);
    await expect(stranger.listPatients({})).rejects.toMatchObject({ code: Code.PermissionDenied });
  });

  it('keeps nothing readable in its tables and events', async () => {
    const number = freshNumber();
    const [ana] = await register({ externalId: 'MRN-SECRET', name: 'Anaxagora', number });
    await say(OPTED_OUT, { patientId: ana!, number, note: 'said she had moved' });
    const tables = ['people', 'numbers', 'name_words', 'consent_entries', 'consent_numbers', 'outbox'];
    for (const table of tables) {
      const { rows } = await run.admin.query(`SELECT * FROM patients.${table}`);
      expect(rows.length).toBeGreaterThan(0);
      const text = JSON.stringify(rows, (_, value: unknown) =>
        typeof value === 'bigint' ? value.toString() : value,
      );
      for (const secret of [number.slice(1), 'anaxagora', 'MRN-SECRET', 'moved']) {
        expect(text.toLowerCase()).not.toContain(secret.toLowerCase());
      }
    }
    const { patient, ledger } = await rpc().getPatient({ patientId: ana! });
    expect(patient).toMatchObject({ name: 'Anaxagora', externalId: 'MRN-SECRET', numbers: [number] });
    expect(ledger[0]).toMatchObject({ note: 'said she had moved', source: 'voice' });
  });
});
