import { createMemoryKeyValue } from '@wardline/key-value';
import { createSilentLogger } from '@wardline/observability';
import { createLiveFeed } from '../app/live-feed.ts';
import { auditSubjectKinds } from '../domain/audit-subjects.ts';
import { allEndpoints } from '../entrypoints/all-endpoints.ts';
import { integratorEndpoints } from '../entrypoints/integrator-endpoints.ts';
import { needsSignIn, permissionOf, type Endpoint } from '../entrypoints/kernel/endpoint.ts';
import { streamEndpoints } from '../entrypoints/stream-endpoints.ts';
import { webhookEndpoints } from '../entrypoints/webhook-endpoints.ts';

/** Whatever an endpoint would need to answer: none is asked here. */
const nothing = {} as never;

/** Every endpoint that an installation can have, to be read and not to be asked. */
export function everyEndpoint(): readonly Endpoint[] {
  const logger = createSilentLogger();
  return allEndpoints({
    feed: createLiveFeed({ keyValue: createMemoryKeyValue(), logger }),
    deadLetters: nothing,
    egress: [
      ...streamEndpoints(nothing),
      ...webhookEndpoints({ desk: { store: nothing } } as never),
      ...integratorEndpoints({ access: nothing, offered: [], kafka: nothing, logger }),
    ],
    audit: nothing,
    telephonyWebhookUrl: 'http://127.0.0.1:9',
    logger,
  });
}

/** The words that lines of the audit are made of, from the endpoints themselves: whoever shows lines needs words for each. */
export function auditVocabulary() {
  const endpoints = everyEndpoint();
  return {
    kinds: auditSubjectKinds,
    /** Of what was done. A sign-in is no answer of an endpoint of ours, and records itself. */
    actions: ['sign-in', ...endpoints.flatMap(({ audit }) => audit?.action ?? [])],
    /** Of what was refused: the endpoint's id, and for a subject its path. */
    refusals: endpoints
      .filter(({ access }) => needsSignIn(access) && permissionOf(access) !== undefined)
      .map(({ id, path }) => ({ action: id, subject: path })),
  };
}
