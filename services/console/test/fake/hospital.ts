// The fake server with Riverside's desk behind it: calls, transcripts, escalations, call-backs, presence. All of it is data
// that a test may change before the page asks; people and numbers are invented.
import { demo } from '@wardline/contracts';
import type {
  Appointment,
  Call,
  CallBack,
  CallInsight,
  Clinic,
  Escalation,
  Message,
  Presence,
  TranscriptLine,
} from '../../src/api/types.ts';
import { Answer, FakeServer, problem } from './server.ts';

export const [riverside] = demo.clinics;

type Changeable<T> = { -readonly [Name in keyof T]: T[Name] };

export const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
export const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000).toISOString();
let lastId = 0;
/** A UUID that counts, so that pictures are the same each time. */
export const newId = () => `01930000-0000-7000-9000-${String((lastId += 1)).padStart(12, '0')}`;

const everyPermission = [
  ...['calls:read', 'transcripts:read', 'escalations:work', 'call-backs:work', 'appointments:read'],
  ...['appointments:write', 'messages:read', 'campaigns:read', 'campaigns:write', 'campaigns:run'],
  ...['dialling:stop', 'do-not-call:read', 'do-not-call:write', 'patients:read', 'patients:write'],
  ...['flows:read', 'flows:write', 'insights:read', 'insights:rebuild', 'audit:read', 'settings:read'],
  ...[
    'settings:write',
    'staff:read',
    'staff:manage',
    'integrations:manage',
    'operations:read',
    'operations:manage',
  ],
];

export class FakeHospital extends FakeServer {
  readonly supervisor = riverside.team[1];
  me = {
    user: {
      id: riverside.team[1]?.userId ?? '',
      name: 'Jordan Ellis',
      role: 'supervisor',
      phone: '+12025550171' as string | null,
    },
    hospital: { id: riverside.tenantId },
    permissions: everyPermission,
  };
  readonly clinics: Clinic[] = [
    {
      id: riverside.clinicId,
      name: riverside.name,
      timeZone: riverside.timeZone,
      language: riverside.language,
      numbers: riverside.numbers,
    },
  ];
  readonly calls: Changeable<Call>[] = [];
  readonly transcripts = new Map<string, TranscriptLine[]>();
  readonly insights = new Map<string, CallInsight>();
  readonly appointments: Changeable<Appointment>[] = [];
  readonly messages: Message[] = [];
  readonly escalations: Changeable<Escalation>[] = [];
  readonly callBacks: Changeable<CallBack>[] = [];
  readonly present: Presence[] = [];

  constructor(o: { readonly consoleDir?: string } = {}) {
    super(o);
    this.on('GET', '/me', () => this.me);
    this.on('GET', '/clinics', () => ({ items: this.clinics, next: null }));
    this.#addCalls();
    this.#addEscalations();
    this.on('GET', '/appointments', ({ query }) => ({
      items: this.appointments.filter(
        (a) =>
          (!query['call'] || a.call === query['call']) &&
          (!query['from'] || a.start >= query['from']) &&
          (!query['to'] || a.start < query['to']),
      ),
      next: null,
    }));
    this.on('GET', '/messages', ({ query }) => ({
      items: this.messages.filter((m) => !query['appointment'] || m.appointment === query['appointment']),
      next: null,
    }));
    this.on('GET', '/operations/dead-letters', () => ({ items: [], mayRelease: true }));
    this.on('GET', '/operations/parked', () => ({ items: [] }));
    for (const kind of ['webhooks', 'streams', 'tokens'])
      this.on('GET', `/integrations/${kind}`, () => ({ items: [], offeredTopics: [] }));
    this.on('GET', '/integrations/kafka', () => ({
      ...{ items: [], offeredTopics: [], available: false },
      reason: { code: 'no-kafka', detail: 'Wardline keeps its events itself here.' },
    }));
  }

  /** Adds a call, by default one in conversation that came in two minutes ago. */
  addCall(facts: Partial<Call> = {}, lines: readonly (readonly ['agent' | 'caller', string])[] = []): Call {
    const call: Call = {
      id: newId(),
      clinic: riverside.clinicId,
      direction: 'inbound',
      state: 'active',
      outcome: null,
      callerNumber: '+12025550143',
      initiatedAt: minutesAgo(2.1),
      answeredAt: minutesAgo(2),
      endedAt: null,
      endReason: null,
      campaign: null,
      clinicNumber: '+12025550110',
      ...facts,
    };
    this.calls.unshift(call);
    for (const [speaker, text] of lines) this.say(call.id, speaker, text);
    return call;
  }

  say(call: string, speaker: 'agent' | 'caller', text: string, more: Partial<TranscriptLine> = {}): void {
    const lines = this.transcripts.get(call) ?? [];
    this.transcripts.set(call, lines);
    lines.push({
      sequence: lines.length + 1,
      ...{ speaker, text, confidence: speaker === 'agent' ? 1 : 0.9, interrupted: false },
      at: new Date(Date.now() - (20 - lines.length) * 7_000).toISOString(),
      ...more,
    });
  }

  /** A call that asks for a person, offered for half a minute from now. */
  addEscalation(facts: Partial<Escalation> = {}): Changeable<Escalation> {
    const item: Changeable<Escalation> = {
      id: newId(),
      call: facts.call ?? this.addCall({ callerNumber: facts.callerNumber ?? '+12025550143' }).id,
      clinic: riverside.clinicId,
      state: 'offered',
      reason: 'caller-asked',
      briefing: {
        patientName: 'Maria Lopez',
        summary: 'Wants to move the appointment of Tuesday, and no free time suits.',
        details: [
          { label: 'Appointment', value: 'Tuesday, 24 November, 10:30, Dr. Anita Sharma' },
          { label: 'Wished day', value: 'Thursday afternoon' },
          { label: 'Date of birth', value: '4 March 1961' },
        ],
        lines: [
          { agent: true, text: 'Riverside Clinic, the automated assistant. How can I help you?' },
          { agent: false, text: 'I need to move my appointment to Thursday afternoon.' },
          {
            agent: true,
            text: 'On Thursday afternoon Doctor Sharma has no free time. Would Friday at nine suit you?',
          },
          { agent: false, text: 'No. Can I please talk to somebody?' },
          { agent: true, text: 'Of course. I am asking whether somebody is free. Please stay on the line.' },
        ],
      },
      callerNumber: '+12025550143',
      requestedAt: inSeconds(-6),
      offeredAt: inSeconds(-5),
      acceptedAt: null,
      connectedAt: null,
      endedAt: null,
      expiresAt: inSeconds(25),
      acceptedByUser: null,
      acceptedByName: null,
      campaign: null,
      ...facts,
    };
    this.escalations.unshift(item);
    return item;
  }

  /** Changes an escalation and tells every page. */
  changeEscalation(item: Changeable<Escalation>, changes: Partial<Escalation>): void {
    Object.assign(item, changes);
    this.live('hand-off', { handOffId: item.id, callId: item.call, state: item.state });
  }

  #addCalls(): void {
    this.on('GET', '/calls', ({ query }) => {
      const found = this.calls.filter(
        (call) =>
          (!query['live'] || !call.endedAt) &&
          (!query['direction'] || call.direction === query['direction']) &&
          (!query['outcome'] || call.outcome === query['outcome']) &&
          (!query['number'] || call.callerNumber === query['number']) &&
          (!query['from'] || (call.initiatedAt ?? '') >= query['from']) &&
          (!query['to'] || (call.initiatedAt ?? '') < query['to']),
      );
      const [begin, limit] = [Number(query['cursor'] ?? 0), Number(query['limit'] ?? 50)];
      const items = found.slice(begin, begin + limit);
      return { items, next: begin + limit < found.length ? String(begin + limit) : null };
    });
    this.on('GET', '/calls/:id', ({ params }) => this.#call(params['id']));
    this.on('GET', '/calls/:id/transcript', ({ params }) => ({
      items: this.transcripts.get(params['id'] ?? '') ?? [],
      next: null,
    }));
    this.on(
      'GET',
      '/calls/:id/insight',
      ({ params }) => this.insights.get(params['id'] ?? '') ?? problem(404, 'not-found', 'Not counted yet.'),
    );
  }

  #call(id: string | undefined): unknown {
    return this.calls.find((call) => call.id === id) ?? problem(404, 'not-found', 'There is no such call.');
  }

  #addEscalations(): void {
    const isOpen = ({ endedAt }: Escalation) => endedAt === null;
    const one = (id: string | undefined) => this.escalations.find((item) => item.id === id);
    this.on('GET', '/escalations', ({ query }) => ({
      items: query['open'] ? this.escalations.filter(isOpen) : this.escalations,
      next: null,
    }));
    const missing = problem(404, 'not-found', 'There is no such escalation.');
    this.on('GET', '/escalations/:id', ({ params }) => one(params['id']) ?? missing);
    this.on('POST', '/escalations/:id/accept', ({ params }) => {
      const item = one(params['id']);
      if (!item) return missing;
      if (item.acceptedByName) return problem(409, 'taken', `${item.acceptedByName} has taken it.`);
      if (!isOpen(item)) return problem(409, 'over', 'It is over.');
      const { id, name } = this.me.user;
      this.changeEscalation(item, {
        ...{ state: 'accepted', acceptedAt: inSeconds(0), acceptedByUser: id, acceptedByName: name },
      });
      return item;
    });
    this.on('POST', '/escalations/:id/decline', () => new Answer(204));
    this.on('GET', '/presence', () => ({ items: this.present, next: null }));
    this.on('PUT', '/presence', ({ body }) => {
      const { id, name } = this.me.user;
      const index = this.present.findIndex(({ user }) => user === id);
      if ((body as { present: boolean }).present) {
        if (index < 0) this.present.push({ user: id, displayName: name, since: inSeconds(0) });
      } else if (index >= 0) this.present.splice(index, 1);
      this.live('presence', {});
      return new Answer(204);
    });
    this.on('GET', '/call-backs', ({ query }) => ({
      items: this.callBacks.filter(({ completedAt }) => !query['open'] || !completedAt),
      next: null,
    }));
    this.on('POST', '/call-backs/:id/done', ({ params }) => {
      const entry = this.callBacks.find(({ id }) => id === params['id']);
      if (!entry) return problem(404, 'not-found', 'There is no such call-back.');
      Object.assign(entry, { completedAt: inSeconds(0), completedByName: this.me.user.name });
      return entry;
    });
  }
}
