import { parseArgs } from 'node:util';
import { listDemo } from './list-demo.ts';
import { describeScenario } from './print-call.ts';
import { runScenario, type ScenarioResult } from './run-scenario.ts';
import { findRunningCopy } from './running-copy.ts';
import { scenarioNames } from './scenario-files.ts';

const help = `Places simulated calls to the running copy of Wardline and judges what became of them.

  npm run call -- --scenario NAME   one call (or several at once, if the scenario says so)
  npm run call -- --all             every scenario, one after the other
  npm run call -- --list            names the scenarios, one a line
      --json        one JSON object instead of text; with --list also the demo clinics, doctors and free slots
      --wav DIR     keeps the audio of each call there (left: caller, right: agent)
      --keep-going  with --all: goes on after a scenario that failed
      --times N     the scenario N times

Finds the copy through WARDLINE_DATA (default .wardline/ in the checkout) and WARDLINE_PORT.
Ends with 0 only when the end state in the database is what the scenario expects, with 1 when it is not, with 2 when
the call could not be made at all.
`;

const { values } = parseArgs({
  options: {
    scenario: { type: 'string', multiple: true },
    all: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    wav: { type: 'string' },
    times: { type: 'string', default: '1' },
    'keep-going': { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

async function main(): Promise<number> {
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  if (values.list) {
    if (!values.json) process.stdout.write(`${scenarioNames().join('\n')}\n`);
    else process.stdout.write(`${JSON.stringify(await listDemo(findRunningCopy()), null, 2)}\n`);
    return 0;
  }
  const names = values.all ? scenarioNames() : (values.scenario ?? []);
  if (names.length === 0) {
    process.stderr.write(help);
    return 2;
  }
  const results: ScenarioResult[] = [];
  const copy = findRunningCopy();
  for (const name of names) {
    for (let run = 0; run < Number(values.times); run++) {
      const result = await runScenario(name, { copy, wavDir: values.wav });
      results.push(result);
      if (!values.json) process.stdout.write(`${describeScenario(result)}\n\n`);
      if (!result.ok && !values['keep-going']) return finish(results);
    }
  }
  return finish(results);
}

function finish(results: readonly ScenarioResult[]): number {
  const failed = results.filter((r) => !r.ok);
  if (values.json)
    process.stdout.write(
      `${JSON.stringify(results.length === 1 ? results[0] : { ok: failed.length === 0, results })}\n`,
    );
  else if (results.length > 1)
    process.stdout.write(
      `${results.length - failed.length} passed, ${failed.length} failed${failed.length > 0 ? `: ${failed.map((r) => r.scenario).join(', ')}` : ''}\n`,
    );
  return failed.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
