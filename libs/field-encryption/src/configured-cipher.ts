import { z } from 'zod';
import { createFieldCipher, type FieldCipher } from './field-cipher.ts';
import { createFileKeyring } from './file-keyring.ts';

/** To be spread into the configuration schema of a service; needed where no cipher is handed in. */
export const keyringVariables = {
  /** Folder of the tenants' data keys. */
  WARDLINE_KEYS_DIR: z.string().min(1).optional(),
  /** Wraps them. */
  WARDLINE_MASTER_KEY: z
    .base64()
    .refine((key) => Buffer.from(key, 'base64').length >= 32, 'at least 32 bytes, base64')
    .optional(),
};

/** Where the data keys lie, and what opens them. */
export type KeyringConfig = Readonly<{ dir: string; masterKey: string }>;

export function keyringConfigOf(e: z.infer<z.ZodObject<typeof keyringVariables>>): KeyringConfig | undefined {
  return e.WARDLINE_KEYS_DIR && e.WARDLINE_MASTER_KEY
    ? { dir: e.WARDLINE_KEYS_DIR, masterKey: e.WARDLINE_MASTER_KEY }
    : undefined;
}

/** @throws Error that says what to set, when the environment names no keyring */
export function createConfiguredCipher(keyring: KeyringConfig | undefined): FieldCipher {
  if (!keyring) throw new Error('set WARDLINE_KEYS_DIR and WARDLINE_MASTER_KEY, or hand in a cipher');
  return createFieldCipher(createFileKeyring(keyring));
}
