import { demo } from '@wardline/contracts';
import { createLogger } from '@wardline/observability';
import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { StandaloneConfig } from './config.ts';
import { createSupervisor } from './supervisor.ts';

/**
 * A copy of the platform that lives as long as its terminal command: says what it does and when it is ready, ends with a
 * signal. Exit codes: 0 ended on request, 1 could not start or end, 2 wrong configuration.
 */
export async function runInTerminal(o: { help: string; parse: () => StandaloneConfig }): Promise<void> {
  if (process.argv.includes('--help')) {
    process.stdout.write(o.help);
    process.exit(0);
  }
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const config = (() => {
    try {
      return o.parse();
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
}
