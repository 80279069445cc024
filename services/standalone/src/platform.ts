import { parseConfig } from './config.ts';
import { runInTerminal } from './terminal.ts';

const help = `npm run platform: every service as a process of its own, on Kafka, PostgreSQL and Redis.

What these do not name is started here, on the loopback interface, and ends with this command:
  KAFKA_BROKERS          host:port,host:port; with KAFKA_SSL, KAFKA_SSL_CA_FILE, KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME,
                         KAFKA_SASL_PASSWORD, KAFKA_TOPIC_PREFIX as the services take them
  WARDLINE_BROKERS       1 or 3: how many brokers are started (default 1)
  DATABASE_ADMIN_URL     postgresql://… of a role that may create roles, schemas and extensions
  REDIS_URL              redis://host:6379, or rediss:// for TLS

And as with npm start:
  WARDLINE_PORT          console, REST API and carrier webhooks (default 8080)
  WARDLINE_MEDIA_PORT    the carrier's media stream (default: a free one)
  WARDLINE_DATA          folder of all local state (default .wardline/platform in the checkout)
  TELNYX_API_KEY, TELNYX_PUBLIC_KEY, TELNYX_API_BASE, WARDLINE_PUBLIC_URL, WARDLINE_MEDIA_PUBLIC_URL
                         a real carrier; without them a simulated one is started
  WARDLINE_DEMO=0        no demo hospitals

npm run call, events, bench and chaos find a platform like any other copy.
`;

await runInTerminal({ help, parse: () => parseConfig(process.env, 'platform') });
