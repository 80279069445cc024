import { createLogger } from '@wardline/observability';
import { startStreamGateway } from './stream-gateway.ts';

/** A gateway instance as a process of its own, so that it can be killed. Tells its parent its address. */
const gateway = await startStreamGateway({
  databaseUrl: process.env['DATABASE_URL'] ?? '',
  cipher: {
    open: () => {
      throw new Error('nothing to open');
    },
  },
  logger: createLogger({ service: 'api-gateway', level: 'error' }),
});
process.send?.({ url: gateway.url });
process.on('disconnect', () => process.exit());
