import type { Released, ReleaseHow } from '@wardline/event-bus';
import type { Logger } from '@wardline/observability';
import type { Principal } from '../domain/permissions.ts';
import type { DeadLetterStoreOf } from '../ports/dead-letter-store.ts';

/** Releases what failed, for staff that may. Every release is told to the log with who did it. */
export function createDeadLetterRelease(o: { storeOf: DeadLetterStoreOf; logger: Logger }) {
  return {
    /** @returns undefined when there is no such dead letter */
    async release(
      by: Pick<Principal, 'tenantId' | 'userId' | 'role'>,
      id: string,
      how: ReleaseHow,
    ): Promise<Released | undefined> {
      const released = await o.storeOf(by.tenantId).release(id, how);
      if (!released) return undefined;
      o.logger.info('audit: failed event released', {
        audit: true,
        action: how,
        tenant_id: by.tenantId,
        user_id: by.userId,
        role: by.role,
        dead_letter_id: released.id,
        group: released.group,
        topic: released.topic,
        waiting: released.waiting,
      });
      return released;
    },
  };
}

export type DeadLetterRelease = ReturnType<typeof createDeadLetterRelease>;
