// Shows and rotates the data keys of an installation: npm run keys -- --help
import { dataDirOf } from '@wardline/config';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createFileKeyring, FieldEncryptionError } from '@wardline/field-encryption';

const help = `npm run keys -- rotate --tenant ID   make a new data key for a tenant
npm run keys -- list [--tenant ID]   show the ids of the keys, oldest first
npm run keys -- rotate-signing [--at-once]   make a new key that signs the tokens of staff; tokens of the old one stay
                                             valid for the ten minutes that they last, with --at-once they do not

  --data DIR     the installation's data folder (default: WARDLINE_DATA, else .wardline in the checkout)

Values that were sealed before stay readable: old keys are kept. Running processes seal with the new key within a
second; nothing needs to be restarted. The keys lie in <data>/keys (WARDLINE_KEYS_DIR), wrapped by the master key in
<data>/secrets.json (WARDLINE_MASTER_KEY). Signing keys lie sealed in the database: that of the running copy, or
WARDLINE_DB_GATEWAY.
`;

/** A mistake of the person at the keyboard: told in one line, without a stack. */
class UsageError extends Error {}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      tenant: { type: 'string' },
      data: { type: 'string' },
      'at-once': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const [command, ...rest] = positionals;
  if (values.help || command === undefined) {
    process.stdout.write(help);
    return;
  }
  if (rest.length > 0 || !['rotate', 'list', 'rotate-signing'].includes(command)) {
    throw new UsageError(`unknown command "${positionals.join(' ')}"; see --help`);
  }
  if (command === 'rotate-signing') return rotateSigning(values.data, values['at-once']);
  const { keyring, tenants } = openKeyring(values.data);
  if (command === 'list') {
    for (const tenant of values.tenant ? [values.tenant] : tenants()) {
      process.stdout.write(`${tenant}  ${keyring.keyIds(tenant).join(' ') || '(no keys)'}\n`);
    }
    return;
  }
  if (!values.tenant) throw new UsageError('rotate needs --tenant ID');
  const before = keyring.keyIds(values.tenant);
  // A tenant that never sealed anything has nothing to rotate: more likely the id is mistyped.
  if (before.length === 0) {
    throw new UsageError(
      `tenant ${values.tenant} has no keys here; known: ${tenants().join(', ') || 'none'}`,
    );
  }
  const { keyId } = keyring.rotate(values.tenant);
  process.stdout.write(
    `${values.tenant}: ${before.at(-1)} -> ${keyId}, ${before.length} older kept for reading\n`,
  );
}

async function rotateSigning(data: string | undefined, atOnce: boolean): Promise<void> {
  const { dataDir, dir: keysDir, masterKey } = installation(data);
  const runFile = path.join(dataDir, 'run.json');
  const running = existsSync(runFile)
    ? (JSON.parse(readFileSync(runFile, 'utf8')) as { databaseAdminUrl?: string })
    : {};
  const databaseUrl = process.env['WARDLINE_DB_GATEWAY'] ?? running.databaseAdminUrl;
  if (!databaseUrl) throw new UsageError(`nothing runs in ${dataDir}: start it, or set WARDLINE_DB_GATEWAY`);
  // Loaded here: what the other commands do needs no database.
  const { rotateSigningKeys } = await import('@wardline/api-gateway/signing-keys');
  const keyId = await rotateSigningKeys({ databaseUrl, keysDir, masterKey, atOnce });
  process.stdout.write(`${keyId} signs from now on; running processes know within ten seconds\n`);
}

function installation(data: string | undefined) {
  const checkout = path.resolve(import.meta.dirname, '../..');
  const dataDir = path.resolve(data ?? dataDirOf(process.env, checkout));
  const dir = process.env['WARDLINE_KEYS_DIR'] ?? path.join(dataDir, 'keys');
  const masterKey = process.env['WARDLINE_MASTER_KEY'] ?? masterKeyOf(path.join(dataDir, 'secrets.json'));
  return { dataDir, dir, masterKey };
}

function openKeyring(data: string | undefined) {
  const { dir, masterKey } = installation(data);
  const keyring = createFileKeyring({ dir, masterKey });
  return { keyring, tenants: (): string[] => (existsSync(dir) ? readdirSync(dir).sort() : []) };
}

function masterKeyOf(file: string): string {
  if (!existsSync(file)) {
    throw new UsageError(
      `there is no installation at ${path.dirname(file)}: start it once, or name its folder with --data`,
    );
  }
  const { masterKey } = JSON.parse(readFileSync(file, 'utf8')) as { masterKey?: unknown };
  if (typeof masterKey !== 'string')
    throw new UsageError(`${file} holds no master key; set WARDLINE_MASTER_KEY`);
  return masterKey;
}

try {
  await main();
} catch (error) {
  const told =
    error instanceof UsageError ||
    error instanceof FieldEncryptionError ||
    error instanceof RangeError ||
    (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
  if (!told) throw error;
  process.stderr.write(`keys: ${(error as Error).message}\n`);
  process.exitCode = 1;
}
