export {
  createConfiguredCipher,
  keyringConfigOf,
  keyringVariables,
  type KeyringConfig,
} from './configured-cipher.ts';
export { createFieldCipher, type FieldCipher } from './field-cipher.ts';
export { createFileKeyring, type FileKeyringOptions } from './file-keyring.ts';
export { FieldEncryptionError, type FieldEncryptionErrorCode } from './errors.ts';
export type { DataKey, Keyring } from './keyring.ts';
export { createResealRounds, resealTenant, type SealedRows } from './reseal.ts';
