import { randomUUID } from 'node:crypto';
import { demo } from '@wardline/contracts';
import pg from 'pg';
import { type Api, freeSlot, signIn } from '../../src/testing/api-client.ts';
import { type RunningCopy, until } from '../../src/testing/running-copy.ts';

/** What the people on the phone know of a call, as the simulated carrier tells it. */
interface Dialled {
  readonly to: string;
  readonly decisions: readonly { readonly decision: string }[];
  readonly end: unknown;
  /** When the platform was first heard, in milliseconds since the answer. */
  readonly agentFirstMs: number | null;
}

interface Standing {
  readonly state: string;
  readonly result: string | null;
  /** Why nobody is called any more, as the database has it; REST does not say. */
  readonly reason: string;
  readonly attempts: number;
}

interface Person {
  readonly id: string;
  readonly name: string;
  readonly number: string;
}

/** British numbers: no law limits how often they are called in a day, so nothing but the opt-out can be the reason. */
const leaver: Person = { id: 'OPT-1', name: 'Emily Walker', number: '+447700900471' };
const stayer: Person = { id: 'OPT-2', name: 'George Harris', number: '+447700900472' };
const brusque: Person = { id: 'OPT-3', name: 'Alice Green', number: '+447700900473' };
/** Presses nine when they hear what for, and does not wait for what is said to that. */
const nineThenGone = [
  { id: 'hello', say: 'Hello?', afterMs: 500 },
  {
    ...{ id: 'nine', press: '9', decides: 'opt-out', onlyWhenHeard: true, again: true },
    heard: [
      'say stop calling me or press nine',
      'no more of these calls',
      'you have an appointment with doctor',
    ],
  },
  { id: 'gone', hangUp: true, afterMs: 2_000, needs: ['nine'] },
];
/** Long enough to see, while it rings, that the other campaign holds the same person. */
const ringMs = 20_000;

/**
 * Somebody who is in two campaigns that run says in the first one's call that they want no more calls: the second one must
 * not dial them. In audio, and counted by the carrier.
 */
export function describeOptOut(copy: RunningCopy): void {
  describe('an opt-out during a call', () => {
    const clinic = demo.clinics[1];
    let api: Api;
    let database: pg.Client;
    beforeAll(async () => {
      api = await signIn(copy, clinic);
      database = new pg.Client({ connectionString: copy.run.databaseAdminUrl });
      await database.connect();
    });
    afterAll(() => database?.end());

    it('takes the patient off every campaign before the next dial, and nobody else', async () => {
      await describePeople(copy, [
        { number: leaver.number, name: leaver.name, behaviour: 'opt-out-by-key', ringMs },
        { number: stayer.number, name: stayer.name, behaviour: 'hangs-up' },
      ]);
      const appointments = new Map<string, string>();
      for (const [skip, person] of [leaver, stayer].entries())
        appointments.set(person.id, await book(person, skip));
      const first = await draft('Reminders', [leaver], appointments);
      const second = await draft('Reminders of another department', [leaver, stayer], appointments);
      await start(api, first);
      await until('their telephone rings', async () => (await callsTo(leaver)).length > 0, 60_000);
      await start(api, second);
      await until('the second campaign calls', async () => (await callsTo(stayer)).length > 0, 60_000);
      // It would call them as well, and only waits for the end of this call.
      expect(await standing(second, leaver)).toMatchObject({ state: 'waiting', attempts: 0 });

      await over(first);
      await over(second);
      expect(await standing(first, leaver)).toEqual({
        state: 'settled',
        result: 'opted-out',
        reason: '',
        attempts: 1,
      });
      const taken = await standing(second, leaver);
      expect({ ...taken, result: undefined }).toEqual({
        state: 'settled',
        result: undefined,
        reason: 'opted-out',
        attempts: 0,
      });
      // Taken off the list, or refused when it was to be dialled.
      expect(['opted-out', 'not-allowed']).toContain(taken.result);
      const calls = await callsTo(leaver);
      expect(calls.map(({ decisions }) => decisions.some(({ decision }) => decision === 'opt-out'))).toEqual([
        true,
      ]);
      expect(await standing(second, stayer)).toEqual({
        state: 'settled',
        result: 'no-decision',
        reason: '',
        attempts: 1,
      });
      expect(await callsTo(stayer)).toHaveLength(1);
    }, 480_000);

    it('is what the call comes to, though telephony is killed before it could note that', async () => {
      const { number, name } = brusque;
      await describePeople(copy, [{ number, name, behaviour: 'opt-out-by-key', steps: nineThenGone }]);
      const campaign = await draft('Overdue', [brusque], new Map([[brusque.id, await book(brusque, 2)]]));
      await start(api, campaign);
      await until(
        'they are greeted',
        async () => typeof (await callsTo(brusque))[0]?.agentFirstMs === 'number',
        120_000,
      );
      // From here on telephony can write nothing about the call, neither its outcome nor its end.
      await database.query('BEGIN');
      try {
        await database.query(
          `SELECT FROM telephony.calls WHERE id IN
             (SELECT call_id FROM campaigns.attempts WHERE campaign_id = $1::uuid) FOR UPDATE`,
          [campaign],
        );
        await until('the ledger has it', async () => (await optOutsIn(campaign)) > 0, 120_000);
        await until('they have hung up', async () => (await callsTo(brusque))[0]?.end, 60_000);
        killTelephony();
      } finally {
        await database.query('ROLLBACK');
      }
      await over(campaign);
      expect(await standing(campaign, brusque)).toEqual({
        ...{ state: 'settled', result: 'opted-out', reason: '', attempts: 1 },
      });
      expect(await callsTo(brusque)).toHaveLength(1);
    }, 480_000);

    function killTelephony(): void {
      const { processes } = copy.run;
      const holds = (wanted: string) => processes.find((one) => one.name === wanted);
      const found = holds('telephony-gateway') ?? holds('realtime');
      if (!found) throw new Error('nothing here holds telephony');
      process.kill(found.pid, 'SIGKILL');
    }

    const callsTo = async ({ number }: Person) => (await dialled(copy)).filter(({ to }) => to === number);

    const over = (campaign: string) =>
      until(
        `campaign ${campaign} is over`,
        async () =>
          (await api<{ state: string }>('GET', `/campaigns/${campaign}`)).body.state === 'completed',
        300_000,
      );

    async function standing(campaign: string, { id }: Person): Promise<Standing> {
      const { body } = await api<{ items: { id: string; externalId: string }[] }>(
        'GET',
        `/campaigns/${campaign}/recipients?limit=10`,
      );
      const { rows } = await database.query<Standing>(
        'SELECT state, result, reason, attempts FROM campaigns.recipients WHERE id = $1::uuid',
        [body.items.find(({ externalId }) => externalId === id)?.id],
      );
      if (!rows[0]) throw new Error(`${id} is not in campaign ${campaign}`);
      return rows[0];
    }

    /** In calls of the campaign, as the ledger of consents has them. */
    async function optOutsIn(campaign: string): Promise<number> {
      const { rows } = await database.query(
        `SELECT FROM patients.consent_entries c JOIN campaigns.attempts a ON a.call_id::text = c.call_id
         WHERE a.campaign_id = $1::uuid AND c.change = 'opted-out'`,
        [campaign],
      );
      return rows.length;
    }

    async function book(person: Person, skip: number): Promise<string> {
      const { doctor, start: at } = await freeSlot(api, clinic, skip);
      const { status, body } = await api<{ id: string }>(
        'POST',
        '/appointments',
        { clinic: clinic.clinicId, doctor, start: at, patient: { name: person.name, phone: person.number } },
        { 'idempotency-key': randomUUID() },
      );
      expect(status).toBe(201);
      return body.id;
    }

    /** At every hour of every day: these tests run at any. */
    async function draft(
      name: string,
      people: readonly Person[],
      appointments: ReadonlyMap<string, string>,
    ): Promise<string> {
      const { status, body } = await api<{ id: string }>(
        'POST',
        '/campaigns',
        {
          ...{ clinic: clinic.clinicId, name, flow: 'appointment-reminder', defaultRegion: 'GB' },
          ...{ isoWeekdays: [1, 2, 3, 4, 5, 6, 7], fromLocalTime: '00:00', toLocalTime: '24:00' },
          ...{ firstDay: '', lastDay: '', callsAtOnceMax: 5, attemptsMax: 5, attemptsPerDayMax: 5 },
          ringSeconds: 60,
        },
        { 'idempotency-key': randomUUID() },
      );
      expect({ status, body }).toMatchObject({ status: 201 });
      const rows = people.map((p) => [p.id, p.name, p.number, appointments.get(p.id)].join(','));
      const columns = new URLSearchParams({
        ...{ externalId: 'id', name: 'name', phone: 'phone', appointment: 'appointment' },
        fileName: 'reminders.csv',
      });
      const upload = await api<{ accepted: number }>(
        'POST',
        `/campaigns/${body.id}/recipients?${columns}`,
        ['id,name,phone,appointment', ...rows].join('\n'),
        { 'content-type': 'text/csv' },
      );
      expect(upload.body).toMatchObject({ accepted: people.length });
      return body.id;
    }
  });
}

const start = async (api: Api, campaign: string) => {
  const { status, body } = await api('POST', `/campaigns/${campaign}/start`);
  expect({ status, body }).toMatchObject({ status: 200 });
};

/** Every call that the carrier was asked for. */
const dialled = async (copy: RunningCopy) =>
  ((await (await simulator(copy, 'GET', '/control/calls')).json()) as { items: Dialled[] }).items;

async function describePeople(copy: RunningCopy, people: readonly object[]): Promise<void> {
  await simulator(copy, 'PUT', '/control/people', { people });
}

async function simulator(copy: RunningCopy, method: string, path: string, body?: unknown): Promise<Response> {
  const { url, controlKey } = copy.run.simulator!;
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${controlKey}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`the simulator answered ${answer.status}: ${await answer.text()}`);
  return answer;
}
