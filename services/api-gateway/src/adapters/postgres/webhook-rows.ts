import type { WebhookSettings } from '../../ports/webhook-queue.ts';

/** Columns of `gateway.egress_subscriptions` that delivering needs, under the alias `s`. */
export const webhookColumns = `s.id, s.tenant_id, s.name, s.state, s.url, s.topics, s.personal, s.secret_sealed,
  s.previous_secret_sealed, s.previous_secret_until`;

export interface WebhookColumns {
  id: string;
  tenant_id: string;
  name: string;
  state: WebhookSettings['state'];
  url: string;
  topics: string[];
  personal: boolean;
  secret_sealed: string;
  previous_secret_sealed: string | null;
  previous_secret_until: Date | null;
}

export const webhookOf = (row: WebhookColumns): WebhookSettings => ({
  id: row.id,
  tenantId: row.tenant_id,
  name: row.name,
  state: row.state,
  url: row.url,
  topics: row.topics,
  personal: row.personal,
  secretSealed: row.secret_sealed,
  previousSecretSealed: row.previous_secret_sealed ?? undefined,
  previousSecretUntil: row.previous_secret_until ?? undefined,
});
