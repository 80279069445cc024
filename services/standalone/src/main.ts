import { demo } from '@wardline/contracts';
import { createLogger } from '@wardline/observability';
import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseConfig } from './config.ts';
import { createSupervisor } from './supervisor.ts';

const help = `npm start: the whole platform on this machine.

  WARDLINE_PORT          console, REST API and carrier webhooks (default 8080)
  WARDLINE_MEDIA_PORT    the carrier's media stream (default: a free one)
  WARDLINE_DATA          folder of all local state (default .wardline in the checkout)
  TELNYX_API_KEY, TELNYX_PUBLIC_KEY, TELNYX_API_BASE, WARDLINE_PUBLIC_URL, WARDLINE_MEDIA_PUBLIC_URL
                         a real carrier; without them a simulated one is started
  WARDLINE_DEMO=0        no demo hospitals
`;
if (process.argv.includes('--help')) {
  process.stdout.write(help);
  process.exit(0);
}

const say = (line: string) => process.stdout.write(`${line}\n`);
const config = (() => {
  try {
    return parseConfig();
  } catch (err) {
    process.stderr.write(`${(err as Error).message}\n`);
    process.exit(2);
  }
})();
mkdirSync(path.join(config.dataDir, 'logs'), { recursive: true, mode: 0o700 });
const logger = createLogger({
  service: 'standalone',
  level: config.logLevel,
  destination: createWriteStream(path.join(config.dataDir, 'logs', 'supervisor.log'), {
    flags: 'a',
    mode: 0o600,
  }),
});
const supervisor = createSupervisor({ config, logger, say });

let ending = false;
async function end(code: number): Promise<never> {
  if (!ending) {
    ending = true;
    // The parts have deadlines of their own; this one is for a part that breaks them.
    setTimeout(() => process.exit(1), 9_500).unref();
    await supervisor.stop();
    process.exit(code);
  }
  return new Promise(() => {});
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    say('ending');
    void end(0);
  });
}

try {
  const run = await supervisor.start();
  if (config.demo) {
    const [first, second] = demo.clinics;
    say(
      `Demo login: ${first.staff.login} / ${first.staff.password} (${first.name}), ${second.staff.login} / ${second.staff.password} (${second.name})`,
    );
  }
  say(`Wardline is ready: http://localhost:${run.port}`);
} catch (err) {
  if (!ending) {
    process.stderr.write(`${(err as Error).message}\n`);
    logger.error('could not start', { err });
    await end(1);
  }
}
