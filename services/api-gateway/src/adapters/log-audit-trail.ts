import type { Logger } from '@wardline/observability';
import type { AuditTrail } from '../ports/audit-trail.ts';

/** The audit as lines of the log: for installations and tests without a table for it. */
export const createLogAuditTrail = (logger: Logger): AuditTrail => ({
  record: async ({ tenantId, userId, ...entry }) => {
    logger.info('audit', { audit: true, tenant_id: tenantId, user_id: userId, ...entry });
  },
});
