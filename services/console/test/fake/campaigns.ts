// Campaigns of a fake hospital: drafts that take files, running ones whose counters a test moves.
import type {
  Campaign,
  CampaignInsight,
  CampaignSettings,
  Dialling,
  DryRun,
  Flow,
  Import,
  Recipient,
  RefusedRow,
} from '../../src/api/campaign-types.ts';
import { type FakeHospital, inSeconds, minutesAgo, newId, riverside } from './hospital.ts';
import { Answer, problem } from './server.ts';

type Changeable<T> = { -readonly [Name in keyof T]: T[Name] };
const missing = problem(404, 'not-found', 'no such campaign');

export const someSettings: CampaignSettings = {
  clinic: riverside.clinicId,
  name: 'Reminders of next week',
  flow: 'appointment-reminder',
  isoWeekdays: [1, 2, 3, 4, 5],
  fromLocalTime: '09:00',
  toLocalTime: '18:00',
  firstDay: '',
  lastDay: '',
  callsAtOnceMax: 5,
  attemptsMax: 3,
  attemptsPerDayMax: 1,
  defaultRegion: 'US',
  ringSeconds: 25,
};

export const emptyProgress = {
  ...{ recipients: 0, waiting: 0, queued: 0, live: 0, settled: 0, calls: 0 },
  results: [] as { result: string; count: number }[],
};

export class FakeCampaigns {
  readonly all: Changeable<Campaign>[] = [];
  readonly imports = new Map<string, Import[]>();
  readonly refused = new Map<string, RefusedRow[]>();
  readonly recipients = new Map<string, Recipient[]>();
  readonly insights = new Map<string, CampaignInsight>();
  dialling: Dialling = { stopped: false, changedByName: null, note: '', changedAt: null };
  flows: Flow[] = [
    {
      ...{ id: 'appointment-reminder', version: 3, title: 'Appointment reminder', readyMade: true },
      ...{ languages: ['en-US', 'es-US'], leavesVoicemail: true },
      needs: ['appointment.doctor', 'appointment.when', 'patient.name'],
    },
    {
      ...{ id: 'no-show-recovery', version: 1, title: 'Missed appointment', readyMade: true },
      ...{ languages: ['en-US'], leavesVoicemail: true },
      needs: ['appointment.doctor', 'appointment.when', 'patient.name'],
    },
    {
      ...{ id: 'flu-season', version: 2, title: 'Flu season', readyMade: false },
      ...{ languages: ['en-US'], leavesVoicemail: false, needs: ['patient.name'] },
    },
  ];
  readonly #hospital: FakeHospital;

  constructor(hospital: FakeHospital) {
    this.#hospital = hospital;
    this.#addCampaigns();
    this.#addFiles();
    hospital.on('GET', '/flows', () => ({ items: this.flows, next: null }));
    hospital.on('GET', '/dialling', () => this.dialling);
    hospital.on('PUT', '/dialling', ({ body }) => {
      const { stopped, note } = body as { stopped: boolean; note: string };
      this.dialling = { stopped, note, changedByName: hospital.me.user.name, changedAt: inSeconds(0) };
      return this.dialling;
    });
  }

  add(facts: Partial<Campaign> = {}): Changeable<Campaign> {
    const campaign: Changeable<Campaign> = {
      id: newId(),
      settings: someSettings,
      state: 'draft',
      flowVersion: 0,
      progress: emptyProgress,
      createdAt: minutesAgo(90),
      startedAt: null,
      endedAt: null,
      revision: 1,
      holdingBack: 'not-started',
      ...facts,
    };
    this.all.unshift(campaign);
    return campaign;
  }

  #one(id: string | undefined): Changeable<Campaign> | undefined {
    return this.all.find((campaign) => campaign.id === id);
  }

  #addCampaigns(): void {
    const on = this.#hospital.on.bind(this.#hospital);
    on('GET', '/campaigns', ({ query }) => {
      const [begin, limit] = [Number(query['cursor'] ?? 0), Number(query['limit'] ?? 50)];
      const items = this.all.slice(begin, begin + limit);
      return { items, next: begin + limit < this.all.length ? String(begin + limit) : null };
    });
    on('POST', '/campaigns', ({ body }) => new Answer(201, this.add({ settings: body as CampaignSettings })));
    on('GET', '/campaigns/:id', ({ params }) => {
      const campaign = this.#one(params['id']);
      return campaign ? { ...campaign, imports: this.imports.get(campaign.id) ?? [] } : missing;
    });
    on('PUT', '/campaigns/:id', ({ params, body }) => {
      const campaign = this.#one(params['id']);
      const { revision, ...settings } = body as CampaignSettings & { revision: number };
      if (!campaign) return missing;
      if (revision !== campaign.revision)
        return problem(409, 'contention', 'the campaign was changed meanwhile');
      return Object.assign(campaign, { settings, revision: revision + 1 });
    });
    const states = { start: 'running', pause: 'paused', resume: 'running', cancel: 'cancelled' } as const;
    for (const [change, state] of Object.entries(states))
      on('POST', `/campaigns/:id/${change}`, ({ params }) => {
        const campaign = this.#one(params['id']);
        if (!campaign) return missing;
        return Object.assign(campaign, {
          ...{ state, flowVersion: 3, startedAt: campaign.startedAt ?? inSeconds(0) },
          ...{ holdingBack: state === 'running' ? null : state === 'paused' ? 'paused' : 'over' },
          endedAt: state === 'cancelled' ? inSeconds(0) : null,
          revision: campaign.revision + 1,
        });
      });
    on('GET', '/campaigns/:id/dry-run', ({ params }) => this.#dryRun(params['id'] ?? ''));
    on(
      'GET',
      '/campaigns/:id/insight',
      ({ params }) =>
        this.insights.get(params['id'] ?? '') ?? problem(404, 'not-found', 'Nothing is known yet.'),
    );
    on('GET', '/campaigns/:id/recipients', ({ params, query }) => {
      const found = (this.recipients.get(params['id'] ?? '') ?? []).filter(
        ({ state, result }) =>
          (!query['state'] || state === query['state']) && (!query['result'] || result === query['result']),
      );
      const [begin, limit] = [Number(query['cursor'] ?? 0), Number(query['limit'] ?? 50)];
      const next = begin + limit < found.length ? String(begin + limit) : null;
      return { items: found.slice(begin, begin + limit), next };
    });
    on('GET', '/campaigns/:id/results.csv', () => new Answer(200, '\uFEFFName,Result\r\n', 'text/csv'));
  }

  #addFiles(): void {
    const on = this.#hospital.on.bind(this.#hospital);
    on('POST', '/campaigns/inspect-file', ({ text }) => {
      const [columns = [], ...rows] = text.split('\n').map((line) => line.split(','));
      const called = (name: RegExp) => columns.find((column) => name.test(column)) ?? '';
      return {
        columns,
        suggested: {
          ...{ name: called(/name/i), phone: called(/phone|mobile/i), externalId: called(/mrn/i) },
          ...{ timeZone: called(/zone/i), appointment: called(/appointment/i), language: '' },
        },
        ...{ encoding: 'utf-8', delimiter: ',', sample: rows.slice(0, 5).filter((row) => row.length > 1) },
      };
    });
    on('POST', '/campaigns/:id/recipients', ({ params, query, text }) => {
      const campaign = this.#one(params['id']);
      if (!campaign) return missing;
      return this.take(campaign, query['fileName'] ?? '', query['phone'] ?? '', text);
    });
    on('GET', '/imports/:id/refused-rows', ({ params, query }) => {
      const rows = this.refused.get(params['id'] ?? '') ?? [];
      const items = rows
        .filter(({ line }) => line > Number(query['cursor'] ?? 0))
        .slice(0, Number(query['limit'] ?? 100));
      return { items, next: items.length === Number(query['limit']) ? String(items.at(-1)?.line) : null };
    });
  }

  /** Reads a file of plain rows: what has ten digits is a number. */
  take(campaign: Changeable<Campaign>, fileName: string, phone: string, text: string): Import {
    const [header = '', ...lines] = text.split('\n').filter(Boolean);
    const columns = header.split(',');
    const refused: RefusedRow[] = [];
    const people: Recipient[] = [];
    lines.forEach((row, index) => {
      const cells = row.split(',');
      const digits = (cells[columns.indexOf(phone)] ?? '').replace(/\D/g, '');
      if (digits.length < 10)
        refused.push({
          ...{ line: index + 2, code: 'phone-invalid', row: cells.join(', ') },
          problem: 'This is no telephone number that can be called: correct it.',
        });
      else people.push(somebody({ name: cells[0] ?? '', number: `+1${digits.slice(-10)}` }));
    });
    const entry: Import = {
      ...{ id: newId(), fileName, state: 'done', rows: lines.length },
      ...{ accepted: people.length, refused: refused.length, repeated: 0, at: inSeconds(0) },
    };
    this.imports.set(campaign.id, [entry, ...(this.imports.get(campaign.id) ?? [])]);
    this.refused.set(entry.id, refused);
    const all = [...(this.recipients.get(campaign.id) ?? []), ...people];
    this.recipients.set(campaign.id, all);
    campaign.progress = { ...campaign.progress, recipients: all.length, waiting: all.length };
    return entry;
  }

  #dryRun(id: string): DryRun {
    const all = this.recipients.get(id) ?? [];
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    const sample = all.slice(0, 100).map(({ id: recipient, name, number, timeZone }, index) => ({
      ...{ recipient, name, number, timeZone },
      callAt: index === 1 ? null : index % 3 === 2 ? tomorrow : inSeconds(0),
      reason: index === 1 ? 'do-not-call' : index % 3 === 2 ? 'outside-window' : null,
    }));
    const never = sample.filter(({ callAt }) => callAt === null).length;
    const later = sample.filter(({ reason }) => reason === 'outside-window').length;
    return {
      ...{ callable: all.length - never, notCallable: never, sample },
      reasons: [
        ...(later > 0 ? [{ reason: 'outside-window', count: later }] : []),
        ...(never > 0 ? [{ reason: 'do-not-call', count: never }] : []),
      ],
      firstCallAt: inSeconds(0),
      lastCallAt: tomorrow,
    };
  }
}

export function somebody(facts: Partial<Recipient> = {}): Recipient {
  return {
    id: newId(),
    name: 'Ellen Park',
    number: '+12025550128',
    timeZone: 'America/New_York',
    appointment: null,
    state: 'waiting',
    result: null,
    attempts: 0,
    nextCallAt: null,
    calls: [],
    patient: null,
    externalId: null,
    ...facts,
  };
}
