import { createMemoryKeyValue } from '@wardline/key-value';
import { createRecordingLogger } from '@wardline/observability/testing';
import { createRandom } from '@wardline/seeded-random';
import { createLiveFeed } from '../app/live-feed.ts';
import { allEndpoints } from '../entrypoints/all-endpoints.ts';
import type { Endpoint } from '../entrypoints/kernel/endpoint.ts';
import { startFakeServices } from './fake-services.ts';
import { randomMessage } from './random-messages.ts';
import { bearer, startTestApp, type TestUser } from './test-app.ts';

export { auditVocabulary } from './audit-vocabulary.ts';
export { randomMessage, startFakeServices, startTestApp, bearer, type TestUser };

/**
 * The REST API before services that answer anything that their contracts allow. `change` breaks an endpoint on purpose, for
 * tests of what looks for broken ones.
 */
export async function startSampleApi(o: {
  readonly seed: number;
  readonly change?: ((one: Endpoint) => Endpoint) | undefined;
  /** Default `refuse`. */
  readonly checkAnswers?: 'refuse' | 'log';
}) {
  const logger = createRecordingLogger('api-gateway');
  const random = createRandom(o.seed);
  const services = await startFakeServices({ otherwise: ({ output }) => randomMessage(output, random) });
  const endpoints = allEndpoints({
    feed: createLiveFeed({ keyValue: createMemoryKeyValue(), logger }),
    // Nobody listens there: what is forwarded finds no service.
    telephonyWebhookUrl: 'http://127.0.0.1:9',
    logger,
  });
  const app = await startTestApp({
    endpoints: o.change ? endpoints.map(o.change) : endpoints,
    hospitalOf: services.hospitalOf,
    checkAnswers: o.checkAnswers ?? 'refuse',
    logger,
  });
  return {
    origin: app.origin,
    logger,
    audit: app.audit,
    headersOf: (user: TestUser) => bearer(user),
    async close() {
      await app.close();
      await services.close();
    },
  };
}
