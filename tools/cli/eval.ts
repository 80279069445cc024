// npm run eval -- speech|caller|campaign|api [--json] [--write docs/quality.md]
import { parseArgs } from 'node:util';
import { callerProblems, callerSummary, callerTable, evaluateCaller } from './eval-caller.ts';
import { evaluateSpeech, speechTable, writeSpeechReport } from './eval-speech.ts';

const HELP = `Measures quality on recorded material.

  npm run eval -- speech                         word and slot errors on recorded human digits, dates and times
  npm run eval -- speech --json                  the same; the last line is one JSON object
  npm run eval -- speech --write docs/quality.md also puts the table into that document; nothing else is written
  npm run eval -- caller                         what simulated callers say, question by question, in two voices
  npm run eval -- caller --json                  the same; the last line is one JSON object
  npm run eval -- caller --every 5               every fifth line only

  npm run eval -- campaign                       a campaign for simulated patients of the running copy; --help tells more
  npm run eval -- api                            the REST API against its own document; --help tells more

The first two need the Debian packages libpocketsphinx3, pocketsphinx-en-us and asterisk-core-sounds-en-wav.
`;

async function main(): Promise<number> {
  if (process.argv[2] === 'campaign') {
    const { main: campaign } = await import('../campaign-eval/src/cli.ts');
    return campaign(process.argv.slice(3));
  }
  if (process.argv[2] === 'api') {
    const { main: api } = await import('../api-eval/src/cli.ts');
    return api(process.argv.slice(3));
  }
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean' },
      every: { type: 'string' },
      write: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (!values.help && positionals[0] === 'caller') {
    const rows = await evaluateCaller({ every: Math.max(1, Number(values.every ?? 1) || 1) });
    process.stdout.write(`${callerTable(rows)}\n\n${callerProblems(rows)}\n\n`);
    const found = callerSummary(rows);
    process.stdout.write(`${values.json ? JSON.stringify({ ...found, rows }) : JSON.stringify(found)}\n`);
    return 0;
  }
  if (values.help || positionals[0] !== 'speech') {
    process.stdout.write(HELP);
    return values.help ? 0 : 2;
  }
  const { rows, summary } = await evaluateSpeech();
  process.stdout.write(`${speechTable(rows)}\n\n`);
  if (values.write) writeSpeechReport(values.write, rows, summary);
  const line = values.json ? JSON.stringify({ ...summary, rows }) : JSON.stringify(summary, null, 2);
  process.stdout.write(`${line}\n`);
  return 0;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`eval: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
