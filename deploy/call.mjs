// `docker compose run --rm call --scenario plain-booking`: places simulated calls to the platform in the containers beside
// this one. Writes down where that is, in the form in which the call command looks for a running copy, and starts it.
import { mkdirSync, writeFileSync } from 'node:fs';

const {
  WARDLINE_DATA: dir,
  WARDLINE_PORT,
  WARDLINE_PUBLIC_URL,
  WARDLINE_DB_ADMIN,
  SIM_URL,
  SIM_CONTROL_KEY,
} = process.env;
mkdirSync(dir, { recursive: true, mode: 0o700 });
writeFileSync(
  `${dir}/run.json`,
  JSON.stringify({
    port: Number(WARDLINE_PORT),
    publicUrl: WARDLINE_PUBLIC_URL,
    databaseAdminUrl: WARDLINE_DB_ADMIN,
    simulator: { url: SIM_URL, controlKey: SIM_CONTROL_KEY },
  }),
  { mode: 0o600 },
);
await import('../services/carrier-simulator/src/cli/call.ts');
