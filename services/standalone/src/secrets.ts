import { generateKeyPairSync, randomBytes } from 'node:crypto';
import path from 'node:path';
import { z } from 'zod';
import { readPrivateJson, writePrivateJson } from './private-files.ts';

const schema = z.object({
  /** Shared by the services: signs their tokens for each other. */
  serviceKey: z.string(),
  /** Signs the media stream's tokens. */
  streamKey: z.string(),
  /** Wraps the tenants' data keys. */
  masterKey: z.string(),
  /** Postgres password per role. */
  rolePasswords: z.record(z.string(), z.string()),
  /** Password per user of a Kafka of our own. */
  kafkaPasswords: z.record(z.string(), z.string()).default({}),
  simulator: z.object({
    apiKey: z.string(),
    controlKey: z.string(),
    /** Ed25519, PKCS 8 DER and raw 32 bytes, both base64. */
    privateKey: z.string(),
    publicKey: z.string(),
  }),
});

export type Secrets = z.infer<typeof schema>;

const key = () => randomBytes(32).toString('base64');

/** The secrets of this installation: made at the first start, kept in the data folder, readable by our user only. */
export function loadSecrets(
  dataDir: string,
  roles: readonly string[],
  kafkaUsers: readonly string[] = [],
): Secrets {
  const file = path.join(dataDir, 'secrets.json');
  const stored = readPrivateJson(file);
  const known = stored === undefined ? undefined : schema.parse(stored);
  const missing = roles.filter((role) => !known?.rolePasswords[role]);
  const newcomers = kafkaUsers.filter((user) => !known?.kafkaPasswords[user]);
  if (known && missing.length === 0 && newcomers.length === 0) return known;
  const passwords = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, randomBytes(24).toString('base64url')]));
  const secrets: Secrets = {
    ...(known ?? { serviceKey: key(), streamKey: key(), masterKey: key(), simulator: simulatorKeys() }),
    rolePasswords: { ...known?.rolePasswords, ...passwords(missing) },
    kafkaPasswords: { ...known?.kafkaPasswords, ...passwords(newcomers) },
  };
  writePrivateJson(file, secrets);
  return secrets;
}

function simulatorKeys(): Secrets['simulator'] {
  const pair = generateKeyPairSync('ed25519');
  return {
    apiKey: `KEY${randomBytes(16).toString('hex')}`,
    controlKey: randomBytes(24).toString('base64url'),
    privateKey: pair.privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
    // The last 32 bytes of the SPKI encoding are the raw key, which is the form in which Telnyx shows it.
    publicKey: pair.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64'),
  };
}
