import type { Personal } from '@wardline/personal-data';

export interface Unregistered {
  readonly recipientId: string;
  readonly name: Personal;
  readonly number: Personal;
  readonly externalId: Personal | undefined;
}

/** Recipients whom the service patients does not know yet. */
export interface Registrations {
  due(nowMs: number, limit: number): Promise<{ tenantId: string; campaignId: string }[]>;
  next(tenantId: string, o: { campaignId: string; nowMs: number; limit: number }): Promise<Unregistered[]>;
  /** Without a patient: they will never be one of its people. */
  done(
    tenantId: string,
    found: readonly { recipientId: string; patientId: string | undefined }[],
  ): Promise<void>;
  /** Not before `atMs` again. */
  postpone(tenantId: string, o: { recipientIds: readonly string[]; atMs: number }): Promise<void>;
}
