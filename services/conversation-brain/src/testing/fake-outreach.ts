import { readReadyFlows } from '../adapters/files/ready-flows.ts';
import { parseFlow } from '../domain/script/check-flow.ts';
import type { Flow } from '../domain/script/flow.ts';
import type { ScriptFacts } from '../domain/state.ts';
import type { AttemptFacts, CampaignDesk } from '../ports/campaign-desk.ts';
import type { ConsentLedger } from '../ports/consent-ledger.ts';
import type { FlowLibrary, StoredFlow } from '../ports/flow-library.ts';
import { aClinic, sharma, slotAt } from './clinic.ts';

/** A ready flow, as it comes. */
export function readyFlow(id: 'appointment-reminder' | 'no-show-recovery'): Flow {
  return readReadyFlows().find(({ flowId }) => flowId === id)!.flow;
}

/** A call of ours to Alex Morrison about Tuesday, 24 November 2026, ten thirty, with Doctor Sharma. */
export function aScript(o: Partial<ScriptFacts> = {}): ScriptFacts {
  return {
    attemptId: '01930000-0000-7000-8000-0000000000e1',
    campaignId: '01930000-0000-7000-8000-0000000000f1',
    flowId: 'appointment-reminder',
    flowVersion: 1,
    language: 'en-US',
    patient: { id: '01930000-0000-7000-8000-0000000000d1', name: 'Alex Morrison' },
    number: '+12025550143',
    appointment: {
      appointmentId: '01930000-0000-7000-8000-000000000a71',
      doctorId: sharma.doctorId,
      doctorName: sharma.name,
      department: sharma.department,
      startMs: slotAt('2026-11-24T10:30').startMs,
      status: 'booked',
      confirmed: false,
    },
    ...o,
  };
}

/** A clinic with a number to call back. */
export const callingClinic = () => aClinic({ phone: '+12025550110' });

/** One attempt, for every id. */
export class FakeCampaignDesk implements CampaignDesk {
  failures = 0;
  facts: AttemptFacts;

  constructor(facts: Partial<AttemptFacts> = {}) {
    const { patient, appointment, ...script } = aScript();
    this.facts = {
      ...script,
      patientName: patient.name,
      patientId: patient.id,
      appointmentId: appointment?.appointmentId,
      ...facts,
    };
  }

  async attempt(): Promise<AttemptFacts> {
    if (this.failures-- > 0) throw new Error('campaigns is away');
    return this.facts;
  }
}

export class FakeConsentLedger implements ConsentLedger {
  readonly entries: Parameters<ConsentLedger['optOut']>[1][] = [];
  readonly script: ('lost' | 'refused')[] = [];

  async optOut(_tenantId: string, o: Parameters<ConsentLedger['optOut']>[1]) {
    const scripted = this.script.shift();
    if (scripted) return { kind: scripted };
    if (!this.entries.some(({ key }) => key === o.key)) this.entries.push(o);
    return { kind: 'done' as const };
  }
}

/** The ready scripts, and what was saved, in memory. */
export class FakeFlowLibrary implements FlowLibrary {
  readonly #all: StoredFlow[] = [...readReadyFlows()];

  async list(): Promise<StoredFlow[]> {
    const newest = new Map<string, StoredFlow>();
    for (const one of this.#all)
      if ((newest.get(one.flowId)?.version ?? 0) < one.version) newest.set(one.flowId, one);
    return [...newest.values()].sort((a, b) => a.flowId.localeCompare(b.flowId));
  }

  async get(_tenantId: string, flowId: string, version: number): Promise<StoredFlow | undefined> {
    const all = this.#all.filter((one) => one.flowId === flowId);
    return version === 0 ? all.at(-1) : all.find((one) => one.version === version);
  }

  async save(
    _tenantId: string,
    o: { flowId: string; title: string; definition: string; flow: Flow; afterVersion: number },
  ): Promise<StoredFlow | 'outdated'> {
    const newest = this.#all.filter(({ flowId }) => flowId === o.flowId).at(-1)?.version ?? 0;
    if (newest !== o.afterVersion) return 'outdated';
    const { flowId, title, definition, flow } = o;
    const saved = {
      flowId,
      title,
      definition,
      flow,
      version: newest + 1,
      readyMade: false,
      savedAt: new Date(0),
    };
    this.#all.push(saved);
    return saved;
  }
}

/** A flow out of an object; throws what is wrong with it. */
export function flowOf(definition: unknown): Flow {
  const parsed = parseFlow(JSON.stringify(definition));
  if ('problems' in parsed)
    throw new Error(parsed.problems.map(({ at, problem }) => `${at} ${problem}`).join('\n'));
  return parsed.flow;
}
