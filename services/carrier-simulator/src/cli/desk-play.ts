import { setTimeout as delay } from 'node:timers/promises';
import type { DemoClinic } from '@wardline/contracts';
import type { CallReport } from '../entrypoints/control-api.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { Desk, type Taken } from './desk.ts';
import type { SimulatorClient } from './simulator-client.ts';

/** The desk's part in a scenario: somebody there, or nobody. */
export interface DeskPlay {
  /** Meanwhile the caller is on the phone: resolves when the call is over, or was taken. */
  follow(number: string, isOver: () => boolean): Promise<Taken | undefined>;
  /** What is wrong with how the call was handed over, or was not. */
  problems(o: {
    report: CallReport;
    number: string;
    since: Date;
    taken: Taken | undefined;
  }): Promise<string[]>;
  close(): Promise<void>;
}

const settleMsMax = 15_000;
const supervisorsTelephone = { ringMs: 1_500, talkMs: 3_000 } as const;

/** @throws Error when nobody should be at the desk and somebody is */
export async function openDesk(o: {
  scenario: Scenario;
  clinic: DemoClinic;
  apiUrl: string;
  simulator: SimulatorClient;
}): Promise<DeskPlay | undefined> {
  const { scenario, clinic, simulator } = o;
  if (scenario.desk === undefined) return undefined;
  const desk = await Desk.signIn(o.apiUrl, clinic);
  if (scenario.desk === 'accepts') {
    await simulator.people([
      { number: desk.supervisor.phone!, behaviour: 'answers', ...supervisorsTelephone },
    ]);
    await desk.sitDown();
  } else {
    const present = await desk.present();
    if (present.length > 0)
      throw new Error(`${present.join(', ')} sit at the desk; this scenario needs nobody there`);
  }
  return {
    follow: (number, isOver) =>
      scenario.desk === 'accepts' ? desk.take(number, isOver) : Promise.resolve(undefined),
    async problems({ report, number, since, taken }) {
      const { connectedTo, callBackMessages } = scenario.expect;
      const found = scenario.desk === 'accepts' ? briefingProblems(taken) : [];
      const to = report.transfers.find((t) => t.connected)?.to;
      const wanted = connectedTo === 'supervisor' ? desk.supervisor.phone : clinic.transferNumber;
      if (connectedTo !== undefined && to !== wanted)
        found.push(`connected to ${to ?? 'nobody'}, should be the ${connectedTo} at ${wanted ?? '?'}`);
      if (callBackMessages !== undefined) {
        const n = await settledCount(
          callBackMessages,
          async () =>
            (await desk.messagesTo(number, since)).filter(({ purpose }) => purpose === 'call-back').length,
        );
        if (n !== callBackMessages)
          found.push(`${n} messages about a call back, should be ${callBackMessages}`);
      }
      return found;
    },
    close: () => desk.leave(),
  };
}

/** Waits for as many as there should be, and then a moment for one too many. */
async function settledCount(wanted: number, count: () => Promise<number>): Promise<number> {
  for (const since = performance.now(); performance.now() - since < settleMsMax; await delay(250))
    if ((await count()) >= wanted) break;
  await delay(500);
  return count();
}

/** Whoever takes a call must know who it is about and what was said. */
function briefingProblems(taken: Taken | undefined): string[] {
  if (!taken) return ['the call was never offered to the supervisor'];
  const { briefing, reason } = taken.escalation;
  if (!briefing) return ['there was no briefing'];
  return [
    ...(briefing.summary.trim() === '' ? ['the briefing has no summary'] : []),
    ...(briefing.lines.some((line) => !line.agent)
      ? []
      : ['the briefing has nothing of what the caller said']),
    ...(reason === '' ? ['nobody said why'] : []),
  ];
}
