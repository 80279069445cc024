import { z } from 'zod';
import { permissionsOf, roles } from '../domain/permissions.ts';
import { publicUrlOf } from './event-documentation-endpoints.ts';
import { endpoint, type Endpoint } from './kernel/endpoint.ts';
import { openApiOf } from './kernel/openapi.ts';

/** Who is signed in and what they may do. */
export const meEndpoint: Endpoint = endpoint({
  id: 'getMe',
  method: 'get',
  path: '/me',
  summary: 'Who is signed in, and what they may do',
  access: 'signed-in',
  responses: {
    200: z
      .strictObject({
        user: z.strictObject({
          id: z.string(),
          name: z.string(),
          role: z.enum(roles),
          phone: z.string().nullable().describe('E.164, where calls are handed to.'),
        }),
        hospital: z.strictObject({ id: z.string() }),
        permissions: z.array(z.string()),
      })
      .meta({ id: 'Me' }),
  },
  handler: async ({ principal }) => ({
    status: 200,
    body: {
      user: {
        id: principal.userId,
        name: principal.name,
        role: roles.find((role) => role === principal.role) ?? 'auditor',
        phone: principal.phone ?? null,
      },
      hospital: { id: principal.tenantId },
      permissions: [...permissionsOf(principal.role)],
    },
  }),
});

/** That the server lives, and what it offers. `all` is asked when the document is: it holds these two as well. */
export function metaEndpoints(o: {
  readonly all: () => readonly Endpoint[];
  readonly publicUrl?: string | undefined;
}): Endpoint[] {
  return [
    endpoint({
      id: 'getHealth',
      method: 'get',
      path: '/healthz',
      root: true,
      summary: 'That the server lives',
      access: 'public',
      responses: { 200: z.strictObject({ status: z.literal('ok') }) },
      handler: async () => ({ status: 200, body: { status: 'ok' as const } }),
    }),
    endpoint({
      id: 'getOpenApi',
      method: 'get',
      path: '/api/openapi.json',
      root: true,
      summary: 'This document',
      access: 'public',
      responses: { 200: z.record(z.string(), z.unknown()) },
      handler: async ({ req }) => {
        const publicUrl = publicUrlOf(req, o.publicUrl);
        return {
          status: 200,
          body: openApiOf(o.all(), { publicUrl, issuer: `${publicUrl}/oidc` }),
          headers: { 'cache-control': 'no-cache' },
        };
      },
    }),
  ];
}
