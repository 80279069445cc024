/**
 * What a line of the audit may be about. The types of the endpoints take no other kind, and the console has words for each
 * of these, which a test of it holds.
 */
export const auditSubjectKinds = [
  'appointment',
  'audit',
  'call',
  'call-back',
  'campaign',
  'clinic',
  'dead-letter',
  'dialling',
  'do-not-call',
  'escalation',
  'flow',
  'import',
  'insights',
  'kafka-access',
  'live',
  'message',
  'patient',
  'staff',
  'stream-access',
  'user',
  'webhook',
] as const;
export type AuditSubjectKind = (typeof auditSubjectKinds)[number];

/** `kind/id`, or `kind` alone: all of them, or the only one. */
export type AuditSubject = AuditSubjectKind | `${AuditSubjectKind}/${string}`;
