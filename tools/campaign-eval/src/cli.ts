import { parseArgs } from 'node:util';
import { killable, type Killable } from './kill.ts';
import { tableOf } from './report.ts';
import { type Flow, flows } from './roles.ts';
import { runCampaign } from './run.ts';

const help = `A campaign for simulated patients, from the file to the end state, judged by a checker that believes nobody.

  npm run eval -- campaign                      20 patients of the demo hospital of the running copy
      --flow FLOW        appointment-reminder, which is the default, or no-show-recovery: they have missed an appointment
      --patients N       20 of them have one of each kind; 200 also the rare ones
      --seed N           the same patients again, but for numbers that the hospital knows already
      --calls-at-once N  default 4: audio is in real time, and two cores bear about so many
      --attempts N       calls to one patient at most, default 1
      --url URL          the platform's address, when it is not that of the running copy
      --browser          the manager does everything in the console, in a real Chromium, from the sign-in page on; what the
                         pages show is compared with the API, and an error in one of them makes the run red
      --pictures DIR     with --browser: pictures of the console's pages go there; a supervisor takes one call in it
      --kill SERVICE     kill -9 of telephony-gateway or campaigns in the middle of the run (with npm start: of the process
                         that holds it); who was on the phone then is in the report
      --json             only the JSON object; progress goes to the error stream

Calls a person once, where the law of their country says so, whatever is asked for here.
The last line is one JSON object. Ends with 0 only when nothing is wrong, at least 95 % of those who could be reached had
their way, nobody was called who must not be, no number twice at once, and nobody heard a word before they picked up.
`;

export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      flow: { type: 'string', default: flows[0] },
      patients: { type: 'string', default: '20' },
      seed: { type: 'string' },
      'calls-at-once': { type: 'string', default: '4' },
      attempts: { type: 'string', default: '1' },
      url: { type: 'string' },
      browser: { type: 'boolean', default: false },
      pictures: { type: 'string' },
      kill: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  if (values.pictures !== undefined && !values.browser) throw new Error('--pictures needs --browser');
  if (values.kill !== undefined && values.url !== undefined)
    throw new Error('--kill is for the running copy of this folder, not for --url');
  const started = Date.now();
  const run = await runCampaign({
    flow: flowIn(values.flow),
    patients: numberIn('patients', values.patients, 1, 2_000),
    seed: numberIn('seed', values.seed ?? String(started % 100_000), 0, 2 ** 31),
    callsAtOnce: numberIn('calls-at-once', values['calls-at-once'], 1, 100),
    attemptsMax: numberIn('attempts', values.attempts, 1, 5),
    url: values.url,
    browser: values.browser ? { pictures: values.pictures } : undefined,
    kill: values.kill === undefined ? undefined : killableIn(values.kill),
    note: (text) =>
      void process.stderr.write(`${((Date.now() - started) / 1_000).toFixed(0).padStart(5)} s  ${text}\n`),
  });
  const { report, facts } = run;
  if (!values.json) process.stdout.write(`${tableOf(report)}\n\n`);
  process.stdout.write(
    `${JSON.stringify({
      eval: 'campaign',
      flow: values.flow,
      ok: report.ok,
      patients: report.rows.length,
      ...report.counts,
      decidedAsWanted: Number(report.decidedAsWanted.toFixed(4)),
      violations: report.violations,
      calls: report.calls,
      seconds: run.seconds,
      campaign: run.campaign,
      console: values.browser,
      pauses: facts.pauses.map(({ by, fromMs, toMs }) => ({
        by,
        forMs: toMs - fromMs,
        dialledAfterMs: facts.calls
          .map((call) => Math.round(call.dialledMs - fromMs))
          .filter((afterMs) => afterMs > 0 && afterMs < toMs - fromMs),
      })),
      interruptions: facts.interruptions.map(({ service, atMs, backMs }) => ({
        service,
        awayMs: backMs - atMs,
        onThePhone: report.rows.filter((r) => r.interrupted).map((r) => r.patient.externalId),
      })),
      rows: report.rows.map(({ patient, verdict, result, calls, reasons, interrupted }) => ({
        patient: patient.externalId,
        behaviour: patient.behaviour,
        wish: patient.wish,
        leave: patient.leave,
        verdict,
        result,
        calls,
        reasons,
        ...(interrupted ? { interrupted } : {}),
      })),
    })}\n`,
  );
  return report.ok ? 0 : 1;
}

function flowIn(text: string): Flow {
  const found = flows.find((name) => name === text);
  if (!found) throw new Error(`--flow must be ${flows.join(' or ')}`);
  return found;
}

function killableIn(text: string): Killable {
  const found = killable.find((name) => name === text);
  if (!found) throw new Error(`--kill must be ${killable.join(' or ')}`);
  return found;
}

function numberIn(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max)
    throw new Error(`--${name} must be a whole number from ${min} to ${max}`);
  return value;
}
