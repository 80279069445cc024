#!/usr/bin/env node
// Writes the secrets of an installation into `.env`, from which `docker compose` reads them. What is there already stays;
// what a newer version needs in addition is added. Plain JavaScript for Node ≥ 20, without dependencies.
//   npm run compose:env [-- FILE]
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const password = () => randomBytes(24).toString('base64url');
const key = () => randomBytes(32).toString('base64');
const carrier = generateKeyPairSync('ed25519');

/** Name, value, and in the first of a group what the group is for. */
const wanted = [
  ['WARDLINE_SERVICE_KEY', key(), 'Signs what the services say to each other.'],
  ['WARDLINE_STREAM_KEY', key(), 'Signs the addresses of media streams, which travel through the carrier.'],
  [
    'WARDLINE_MASTER_KEY',
    key(),
    "Wraps the hospitals' data keys. Without it nobody can read their data again: keep a copy.",
  ],
  ['POSTGRES_PASSWORD', password(), 'Postgres: the administrator, and a role per service.'],
  ...[
    'BUS',
    'PARKING',
    'DIRECTORY',
    'APPOINTMENTS',
    'TELEPHONY',
    'BRAIN',
    'NOTIFICATIONS',
    'CAMPAIGNS',
    'PATIENTS',
    'INSIGHTS',
    'GATEWAY',
  ].map((role) => [`WARDLINE_PASSWORD_${role}`, password()]),
  ['KAFKA_PASSWORD', password(), 'Kafka: the superuser, and what our own services do there.'],
  ['KAFKA_PASSWORD_CONSUMER', password()],
  ['KAFKA_PASSWORD_RELAY', password()],
  ['REDIS_PASSWORD', password(), 'Redis.'],
  ['WARDLINE_PUBLIC_URL', 'http://localhost:8080', 'Where browsers and the carrier reach us.'],
  ['WARDLINE_MEDIA_PUBLIC_URL', 'ws://voice-media:8081'],
  [
    'COMPOSE_PROFILES',
    'simulated-carrier',
    'The simulated carrier. With a real one: COMPOSE_PROFILES= (nothing), the account’s TELNYX_API_KEY and TELNYX_PUBLIC_KEY,\n# TELNYX_API_BASE=https://api.telnyx.com/v2, and the public URLs above with https and wss.',
  ],
  ['TELNYX_API_BASE', 'http://carrier-simulator:8090/v2'],
  ['TELNYX_API_KEY', `KEY${randomBytes(16).toString('hex')}`],
  // The last 32 bytes of the SPKI encoding are the raw key, which is the form in which Telnyx shows it.
  [
    'TELNYX_PUBLIC_KEY',
    carrier.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64'),
  ],
  ['SIM_PRIVATE_KEY', carrier.privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64')],
  ['SIM_CONTROL_KEY', password()],
];

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const file = path.resolve(process.argv[2] ?? path.join(root, '.env'));
const present = existsSync(file) ? readFileSync(file, 'utf8') : '';
const names = new Set(present.split('\n').map((line) => line.split('=')[0].trim()));
// A pair of keys is made together: half of an old one and half of a new one would fit nowhere.
const pair = ['TELNYX_PUBLIC_KEY', 'SIM_PRIVATE_KEY'];
const pairIsKnown = pair.some((name) => names.has(name));
const added = wanted.filter(([name]) => !names.has(name) && !(pairIsKnown && pair.includes(name)));
if (added.length > 0) {
  const lines = added.flatMap(([name, value, about]) => [
    ...(about ? ['', `# ${about}`] : []),
    `${name}=${value}`,
  ]);
  const head =
    present === ''
      ? '# The secrets of this installation; made by npm run compose:env. Not for version control.\n'
      : present.replace(/\n*$/, '\n');
  writeFileSync(file, `${head}${lines.join('\n')}\n`, { mode: 0o600 });
}
chmodSync(file, 0o600);
process.stdout.write(
  `${path.relative(process.cwd(), file) || file}: ${added.length} of ${wanted.length} settings added\n`,
);
