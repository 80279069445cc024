/** What each sealed value is bound to: a ciphertext moved to another column cannot be opened there. */
export const sealContexts = {
  externalId: 'people.external_id',
  name: 'people.name',
  number: 'numbers.number',
  note: 'consent_entries.note',
} as const;

/** What the keyed hashes are for. That of a number is the same in all services: the key by which they speak of it. */
export const indexPurposes = {
  number: 'patient-number',
  externalId: 'patient-external-id',
  name: 'patient-name',
  nameWord: 'patient-name-word',
} as const;
