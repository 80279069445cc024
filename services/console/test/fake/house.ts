// Messages, the audit and settings of a fake hospital.
import type { AuditLine } from '../../src/api/audit-types.ts';
import type { SentMessage } from '../../src/api/message-types.ts';
import type { DoNotCallEntry, StaffUser, StaffWish } from '../../src/api/settings-types.ts';
import { riversideFacts } from './calendar.ts';
import { type FakeHospital, inSeconds, minutesAgo, newId, riverside } from './hospital.ts';
import { Answer, problem } from './server.ts';

type Changeable<T> = { -readonly [Name in keyof T]: T[Name] };

export class FakeHouse {
  readonly messages: SentMessage[] = [];
  readonly lines: AuditLine[] = [];
  readonly doNotCall: DoNotCallEntry[] = [];
  readonly staff: Changeable<StaffUser>[] = [riverside.staff, ...riverside.team].map((one) => ({
    ...{ id: one.userId, login: one.login, name: one.displayName, role: one.role },
    ...{ active: true, phone: one.phone ?? null },
  }));
  readonly clinic = riversideFacts();
  /** The first line of the audit that is not what it was; null: all is well. */
  brokenAt: number | null = null;

  constructor(hospital: FakeHospital) {
    const on = hospital.on.bind(hospital);
    const slice = <T>(items: readonly T[], query: Readonly<Record<string, string>>) => {
      const [begin, limit] = [Number(query['cursor'] ?? 0), Number(query['limit'] ?? 50)];
      const next = begin + limit < items.length ? String(begin + limit) : null;
      return { items: items.slice(begin, begin + limit), next };
    };
    on('GET', '/messages', ({ query }) =>
      slice(
        this.messages.filter(
          ({ status, to }) =>
            (!query['status'] || status === query['status']) && (!query['to'] || to === query['to']),
        ),
        query,
      ),
    );
    on('GET', '/audit', ({ query }) =>
      slice(
        this.lines.filter(
          (line) =>
            (!query['user'] || line.user === query['user']) &&
            (!query['action'] || line.action === query['action']) &&
            (!query['outcome'] || line.outcome === query['outcome']) &&
            (!query['subject'] || `${line.subject}/`.startsWith(`${query['subject']}/`)) &&
            (!query['from'] || line.at >= query['from']) &&
            (!query['to'] || line.at < query['to']),
        ),
        query,
      ),
    );
    on('GET', '/audit/integrity', () => ({
      ...{ lines: this.lines.length, intact: this.brokenAt === null, brokenAt: this.brokenAt },
    }));
    this.#addSettings(hospital, slice);
  }

  #addSettings(
    hospital: FakeHospital,
    slice: <T>(items: readonly T[], query: Readonly<Record<string, string>>) => object,
  ): void {
    const on = hospital.on.bind(hospital);
    on('GET', '/clinics', () => ({ items: [this.clinic], next: null }));
    on('PUT', '/clinics/:id', ({ body }) => {
      const { revision, ...facts } = body as typeof this.clinic;
      if (revision !== this.clinic.revision)
        return problem(409, 'contention', 'the clinic was changed meanwhile; read it again');
      return Object.assign(this.clinic, facts, { revision: revision + 1 });
    });
    on('GET', '/do-not-call', ({ query }) => {
      const { number } = query;
      return slice(number ? this.doNotCall.filter((one) => one.number === number) : this.doNotCall, query);
    });
    on('POST', '/do-not-call', ({ body }) => {
      const { numbers, note } = body as { numbers: string[]; note: string };
      const bad = numbers.filter((number) => number.replace(/\D/g, '').length < 10);
      if (bad.length > 0)
        return problem(422, 'invalid', `these are no numbers that can be called: ${bad.join(', ')}`);
      for (const number of numbers)
        this.doNotCall.unshift({
          ...{ id: newId(), number: `+1${number.replace(/\D/g, '').slice(-10)}`, note },
          ...{ addedByName: hospital.me.user.name, addedAt: inSeconds(0) },
        });
      return { added: numbers.length, known: 0 };
    });
    on('DELETE', '/do-not-call/:id', ({ params }) => {
      this.doNotCall.splice(
        this.doNotCall.findIndex(({ id }) => id === params['id']),
        1,
      );
      return new Answer(204);
    });
    on('GET', '/staff', () => ({ items: this.staff, next: null }));
    on('POST', '/staff', ({ body }) => {
      const { password: _, ...user } = body as StaffWish;
      if (this.staff.some(({ login }) => login === user.login))
        return problem(409, 'login-taken', 'Somebody signs in with this address already.');
      const made = { ...user, id: newId() };
      this.staff.push(made);
      return new Answer(201, made);
    });
    on('PUT', '/staff/:id', ({ params, body }) => {
      const { password: _, ...user } = body as StaffWish;
      const one = this.staff.find(({ id }) => id === params['id']);
      if (!one) return problem(404, 'not-found', 'no such user');
      if (one.role === 'admin' && (user.role !== 'admin' || !user.active))
        return problem(409, 'last-admin', 'The hospital would be left without an administrator.');
      return Object.assign(one, user);
    });
  }
}

const texts = [
  [
    'appointment-confirmation',
    'Riverside Clinic: your appointment with Dr. Anita Sharma is on Tue, 24 Nov at 10:30.',
  ],
  [
    'appointment-moved',
    'Riverside Clinic: your appointment was moved to Thu, 26 Nov at 14:00 with Dr. David Brown.',
  ],
  ['appointment-cancelled', 'Riverside Clinic: your appointment of Wed, 25 Nov at 09:00 is cancelled.'],
  [
    'call-back',
    'Riverside Clinic: nobody was free just now. We call you back today. This message needs no answer.',
  ],
] as const;

const done = [
  ['calls.list', 'call'],
  ['calls.read', `call/${newId()}`],
  ['transcripts.read', `call/${newId()}`],
  ['campaigns.import', `campaign/${newId()}`],
  ['appointments.move', `appointment/${newId()}`],
  ['dialling.set', 'dialling'],
  ['staff.save', `staff/${riverside.team[2]?.userId ?? ''}`],
] as const;

/** A house with something of everything in it. */
export function busyHouse(hospital: FakeHospital): FakeHouse {
  const fake = new FakeHouse(hospital);
  for (let n = 0; n < 63; n += 1) {
    const [purpose, text] = texts[n % texts.length] ?? texts[0];
    const status = n === 0 ? 'queued' : n % 9 === 4 ? 'failed' : 'sent';
    fake.messages.push({
      ...{ id: newId(), clinic: riverside.clinicId, to: `+120255501${10 + (n % 80)}`, purpose, text, status },
      ...{ createdAt: minutesAgo(n * 23 + 1), sentAt: status === 'sent' ? minutesAgo(n * 23) : null },
      ...{ appointment: null, failureReason: status === 'failed' ? 'number-unreachable' : null },
    });
  }
  const staff = [riverside.staff, ...riverside.team];
  for (let n = 0; n < 130; n += 1) {
    const [action, subject] = done[(n * 3) % done.length] ?? done[0];
    const { userId = '', role = '' } = staff[n % 4] ?? {};
    const refused = n % 17 === 6;
    fake.lines.push({
      ...{ position: 5_000 - n, at: minutesAgo(n * 7), user: userId, role },
      ...{ action: refused ? 'checkAudit' : action, subject: refused ? '/audit/integrity' : subject },
      outcome: refused ? 'refused' : 'done',
      details: action === 'campaigns.import' ? { import: newId(), accepted: 212, refused: 3 } : {},
    });
  }
  for (let n = 0; n < 24; n += 1)
    fake.doNotCall.push({
      ...{ id: newId(), number: `+120255501${20 + n}`, addedByName: n % 3 ? 'Casey Quinn' : 'Morgan Blake' },
      note: n % 4 === 0 ? 'Wrote a letter on 2 November' : n % 4 === 1 ? 'Asked at the desk' : '',
      addedAt: minutesAgo(60 * 24 * n),
    });
  return fake;
}
