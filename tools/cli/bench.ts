import type { Benchmark } from './bench/benchmark.ts';
import { events } from './bench/events.ts';
import { importFile } from './bench/import.ts';
import { turns } from './bench/turns.ts';

/** All benchmarks of this checkout; each measures the running copy. */
const benchmarks: readonly Benchmark[] = [turns, events, importFile];

const help = `npm run bench -- NAME [--json] [options]

${benchmarks.map((b) => `  ${b.name.padEnd(12)} ${b.summary}`).join('\n')}

The last line printed is one JSON object with the figures; with --json it is the only one.
`;

function parseOptions(args: readonly string[]): {
  name: string | undefined;
  options: Record<string, string | undefined>;
} {
  const options: Record<string, string | undefined> = {};
  let name: string | undefined;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (!arg.startsWith('--')) name ??= arg;
    else if (arg === '--json' || arg === '--help') options[arg.slice(2)] = 'true';
    else options[arg.slice(2)] = args[++i];
  }
  return { name, options };
}

const { name, options } = parseOptions(process.argv.slice(2));
const benchmark = benchmarks.find((b) => b.name === name);
if (!benchmark) {
  (options['help'] ? process.stdout : process.stderr).write(help);
  process.exitCode = options['help'] ? 0 : 2;
} else {
  try {
    const say = options['json'] ? () => {} : (line: string) => void process.stdout.write(`${line}\n`);
    const startedAt = new Date().toISOString();
    const { ok, figures } = await benchmark.run(options, say);
    process.stdout.write(`${JSON.stringify({ benchmark: benchmark.name, ok, startedAt, ...figures })}\n`);
    process.exitCode = ok ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  }
}
