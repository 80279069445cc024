import type { FieldCipher } from '@wardline/field-encryption';
import { Personal } from '@wardline/personal-data';
import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { WebhookSettings } from '../ports/webhook-queue.ts';

/** What the sealed secret is bound to. */
const context = 'egress_subscriptions.secret';

export type SecretCipher = Pick<FieldCipher, 'seal' | 'open'>;

/** A new secret, `whsec_…`, as the Standard Webhooks specification writes it, and what is stored of it. */
export function newWebhookSecret(cipher: SecretCipher, tenantId: string): { secret: string; sealed: string } {
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  return { secret, sealed: cipher.seal(tenantId, Personal.of(secret), context) };
}

/** How long a rotated secret goes on signing beside the new one. */
export const rotationMs = 24 * 3_600_000;

/**
 * Signs by the Standard Webhooks specification. While a rotation is under way the header holds two signatures, so that a
 * receiver may change its secret at any moment in between.
 */
export function createWebhookSigner(cipher: SecretCipher) {
  // Opening costs more than signing; a webhook's sealed secrets change only when it is rotated.
  const opened = new Map<string, Webhook>();
  const signerOf = (tenantId: string, sealed: string): Webhook => {
    const known = opened.get(sealed);
    if (known) return known;
    if (opened.size >= 1_000) opened.clear();
    const signer = new Webhook(cipher.open(tenantId, sealed, context).reveal());
    opened.set(sealed, signer);
    return signer;
  };
  return (
    webhook: Pick<
      WebhookSettings,
      'tenantId' | 'secretSealed' | 'previousSecretSealed' | 'previousSecretUntil'
    >,
    o: { id: string; at: Date; body: string },
  ): Record<string, string> => {
    const sealed = [webhook.secretSealed];
    if (webhook.previousSecretSealed && webhook.previousSecretUntil && webhook.previousSecretUntil > o.at)
      sealed.push(webhook.previousSecretSealed);
    return {
      'webhook-id': o.id,
      'webhook-timestamp': String(Math.floor(o.at.getTime() / 1000)),
      'webhook-signature': sealed
        .map((one) => signerOf(webhook.tenantId, one).sign(o.id, o.at, o.body))
        .join(' '),
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'user-agent': 'Wardline-Webhooks/1',
    };
  };
}

export type WebhookSigner = ReturnType<typeof createWebhookSigner>;
