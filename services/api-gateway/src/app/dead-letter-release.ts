import type { Released, ReleaseHow } from '@wardline/event-bus';
import type { Logger } from '@wardline/observability';
import type { DeadLetterStoreOf } from '../ports/dead-letter-store.ts';
import type { StaffSession } from '../ports/session-store.ts';

export type ReleaseOutcome =
  { kind: 'released'; released: Released } | { kind: 'not-found' } | { kind: 'not-allowed' };

/** Lets staff release what failed, when their role may. Every release is told to the log with who did it. */
export function createDeadLetterRelease(o: {
  storeOf: DeadLetterStoreOf;
  roles: readonly string[];
  logger: Logger;
}) {
  const isAllowed = (session: StaffSession): boolean => o.roles.includes(session.role);
  return {
    isAllowed,
    async release(session: StaffSession, id: string, how: ReleaseHow): Promise<ReleaseOutcome> {
      if (!isAllowed(session)) return { kind: 'not-allowed' };
      const released = await o.storeOf(session.tenantId).release(id, how);
      if (!released) return { kind: 'not-found' };
      o.logger.info('audit: failed event released', {
        audit: true,
        action: how,
        tenant_id: session.tenantId,
        user_id: session.userId,
        role: session.role,
        dead_letter_id: released.id,
        group: released.group,
        topic: released.topic,
        waiting: released.waiting,
      });
      return { kind: 'released', released };
    },
  };
}

export type DeadLetterRelease = ReturnType<typeof createDeadLetterRelease>;
