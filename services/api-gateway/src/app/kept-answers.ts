import type { FieldCipher } from '@wardline/field-encryption';
import type { KeyValue } from '@wardline/key-value';
import { Personal } from '@wardline/personal-data';
import { createHash } from 'node:crypto';

export interface KeptAnswer {
  readonly status: number;
  readonly body?: unknown;
}

export type Once<T extends KeptAnswer> =
  | { readonly kind: 'answer'; readonly answer: T; readonly replayed: boolean }
  /** The key came with another request before. */
  | { readonly kind: 'other-request' }
  /** The first request with this key is still being worked on. */
  | { readonly kind: 'under-way' };

const keptMs = 24 * 3_600_000;
/** So long a request may take; one whose process died blocks its key no longer. */
const workMs = 60_000;
const context = 'gateway.kept_answers/answer';

/**
 * The first answers of requests that carry an `Idempotency-Key`, for a day, sealed: they may be personal. For what no service
 * behind keeps by itself; shared by all instances, and gone when the key-value store is.
 */
export function createKeptAnswers(o: {
  readonly keyValue: Pick<KeyValue, 'get' | 'set' | 'delete'>;
  readonly cipher: Pick<FieldCipher, 'seal' | 'open'>;
}) {
  const hash = (text: string) => createHash('sha256').update(text).digest('base64url');
  return {
    async once<T extends KeptAnswer>(
      by: {
        readonly tenantId: string;
        readonly userId: string;
        readonly endpoint: string;
        readonly key: string;
        /** What was asked for; the same key with another request is a mistake. */
        readonly request: unknown;
      },
      work: () => Promise<T>,
    ): Promise<Once<T>> {
      const { tenantId, userId, endpoint, key } = by;
      const at = `once:${tenantId}:${hash(`${userId} ${endpoint} ${key}`)}`;
      const request = hash(JSON.stringify(by.request));
      if (!(await o.keyValue.set(at, request, { ttlMs: workMs, ifAbsent: true }))) {
        const [first, sealed] = ((await o.keyValue.get(at)) ?? '').split(' ');
        if (first !== request) return { kind: 'other-request' };
        if (sealed === undefined) return { kind: 'under-way' };
        const answer = JSON.parse(o.cipher.open(tenantId, sealed, context).reveal()) as T;
        return { kind: 'answer', answer, replayed: true };
      }
      try {
        const answer = await work();
        const sealed = o.cipher.seal(tenantId, Personal.of(JSON.stringify(answer)), context);
        await o.keyValue.set(at, `${request} ${sealed}`, { ttlMs: keptMs });
        return { kind: 'answer', answer, replayed: false };
      } catch (error) {
        // What failed may be tried again with the same key.
        await o.keyValue.delete(at);
        throw error;
      }
    },
  };
}

export type KeptAnswers = ReturnType<typeof createKeptAnswers>;
