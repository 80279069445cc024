/** Fetches Apache Kafka where it will be run from its Java artifacts, so that no test has to wait for it. */
import { prepareKafka } from '../kafka/java-cluster.ts';
import { probeKafka } from '../kafka/start-kafka.ts';

const probe = probeKafka();
if (!probe.ok) {
  process.stderr.write(`${probe.reason}\n`);
  process.exit(1);
}
if (probe.via === 'java') {
  const say = (message: string, fields?: Record<string, unknown>) =>
    process.stderr.write(`kafka: ${message} ${fields?.['version'] ?? ''}\n`);
  try {
    await prepareKafka({ info: say, warn: say });
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exit(1);
  }
}
