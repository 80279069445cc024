/** What each sealed value is bound to: a ciphertext moved to another column cannot be opened there. */
export const sealContexts = {
  recipientName: 'recipients.name',
  recipientNumber: 'recipients.number',
  recipientExternalId: 'recipients.external_id',
  refusedRow: 'refused_rows.row',
  doNotCallNumber: 'do_not_call.number',
  doNotCallNote: 'do_not_call.note',
} as const;

/** Purposes of keyed hashes. The first is shared by all services that match numbers. */
export const indexPurposes = {
  number: 'patient-number',
  person: 'campaigns/person',
} as const;
