import type { Personal } from '@wardline/personal-data';

/** Recipients whom the service patients does not know yet. */
export interface Registrations {
  due(nowMs: number, limit: number): Promise<{ tenantId: string; campaignId: string }[]>;
  next(
    tenantId: string,
    o: { campaignId: string; nowMs: number; limit: number },
  ): Promise<{ recipientId: string; name: Personal; number: Personal; externalId: Personal | undefined }[]>;
  done(tenantId: string, found: readonly { recipientId: string; patientId: string }[]): Promise<void>;
  /** Not before `atMs` again. */
  postpone(tenantId: string, o: { recipientIds: readonly string[]; atMs: number }): Promise<void>;
}
