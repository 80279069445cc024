import { z } from 'zod';
import type { AuditLine, AuditReader } from '../ports/audit-trail.ts';
import { endpoint, type Endpoint } from './kernel/endpoint.ts';
import { given, instant, instantIn, limit, page, pageOf } from './kernel/fields.ts';

const lineSchema = z
  .strictObject({
    position: z.int().describe("Of the hospital's own chain, without gaps."),
    at: instant,
    user: z.string().describe('The id of the user.'),
    role: z.string().describe('As which they asked.'),
    action: z.string(),
    subject: z.string().describe('`kind/id`, or a kind; of a refused attempt, the path.'),
    outcome: z.enum(['done', 'refused']),
    details: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'AuditLine' });

const lineView = (line: AuditLine): z.input<typeof lineSchema> => ({
  position: Number(line.position),
  at: line.at.toISOString(),
  user: line.userId,
  role: line.role,
  action: line.action,
  subject: line.subject,
  outcome: line.outcome,
  details: { ...line.details },
});

/** What auditors look at. Looking is recorded as well. */
export function auditEndpoints(reader: AuditReader): Endpoint[] {
  return [
    endpoint({
      id: 'listAudit',
      method: 'get',
      path: '/audit',
      summary: 'Who has read or changed personal data, or was refused, newest first',
      access: 'audit:read',
      query: z.object({
        user: z.uuid().optional(),
        action: z.string().min(1).max(100).optional(),
        subject: z.string().min(1).max(200).optional().describe('Exactly so, or everything of a kind.'),
        outcome: z.enum(['done', 'refused']).optional(),
        from: instantIn.optional(),
        to: instantIn.optional(),
        limit: limit(500, 100),
        cursor: z
          .string()
          .regex(/^\d{1,18}$/)
          .optional(),
      }),
      responses: { 200: pageOf(lineSchema) },
      audit: { action: 'audit.read', subject: () => 'audit', personal: true },
      handler: async ({ principal, query }) => {
        const { user, cursor, ...filter } = query;
        const lines = await reader.list(principal.tenantId, {
          ...given({ ...filter, userId: user, before: cursor === undefined ? undefined : BigInt(cursor) }),
          limit: filter.limit,
        });
        const last = lines.length === filter.limit ? lines.at(-1) : undefined;
        return { status: 200, body: page(lines.map(lineView), last && String(last.position)) };
      },
    }),
    endpoint({
      id: 'checkAudit',
      method: 'get',
      path: '/audit/integrity',
      summary: 'Whether lines were changed or removed behind our back',
      access: 'audit:read',
      // It reads the whole chain.
      perMinute: 6,
      responses: {
        200: z.strictObject({
          lines: z.int(),
          intact: z.boolean(),
          brokenAt: z.int().nullable().describe('The first position that is missing, or not what it was.'),
        }),
      },
      handler: async ({ principal }) => {
        const { lines, brokenAt } = await reader.check(principal.tenantId);
        return {
          status: 200,
          body: {
            lines: Number(lines),
            intact: brokenAt === undefined,
            brokenAt: brokenAt === undefined ? null : Number(brokenAt),
          },
        };
      },
    }),
  ];
}
