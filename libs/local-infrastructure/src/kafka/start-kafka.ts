import { dockerAnswers } from '../docker-socket.ts';
import { InfrastructureError } from '../errors.ts';
import { javaProblem } from './broker-files.ts';
import type { KafkaCluster, KafkaCredentials, StartKafkaOptions } from './cluster.ts';
import { startJavaCluster } from './java-cluster.ts';

export type Probe<Via extends string> =
  { readonly ok: true; readonly via: Via } | { readonly ok: false; readonly reason: string };

type KafkaVia = KafkaCluster['via'];

/** How a Kafka can be had here, at once and without starting one; or what to install. */
export function probeKafka(o: { own?: boolean; env?: NodeJS.ProcessEnv } = {}): Probe<KafkaVia> {
  const env = o.env ?? process.env;
  if (env['KAFKA_BROKERS'] && !o.own) return { ok: true, via: 'environment' };
  if (dockerAnswers(env)) return { ok: true, via: 'docker' };
  const problem = javaProblem(env);
  if (problem === undefined) return { ok: true, via: 'java' };
  return {
    ok: false,
    reason:
      `no Kafka here: no KAFKA_BROKERS, no container engine answers, and to run the broker itself this machine lacks ${problem}; ` +
      'on Debian: apt-get install -y --no-install-recommends openjdk-17-jre-headless maven',
  };
}

/**
 * A real Kafka: the one of KAFKA_BROKERS, else in containers, else Apache Kafka itself in KRaft mode from its published
 * Java artifacts. What is started here ends with `stop()`, or with this process however that ends.
 *
 * @throws InfrastructureError saying what to install, or showing the end of the broker's log
 */
export async function startKafka(o: StartKafkaOptions = {}): Promise<KafkaCluster> {
  const own = o.own === true || o.sasl === true || o.dataDir !== undefined;
  const probe = probeKafka({ own });
  if (!probe.ok) throw new InfrastructureError('infrastructure-unavailable', probe.reason);
  if (probe.via === 'environment') return givenCluster(process.env);
  if (probe.via === 'docker' && (o.dataDir === undefined || javaProblem() !== undefined)) {
    try {
      // Only now: the library behind it is large, and most machines that come here do without.
      const { startDockerCluster } = await import('./docker-cluster.ts');
      return await startDockerCluster(o);
    } catch (error) {
      // An engine that cannot have the image is no reason to give up where Java can do it.
      if (javaProblem() !== undefined) throw error;
      o.logger?.warn('Kafka does not start in a container; trying without', { err: error });
    }
  }
  return startJavaCluster(o);
}

function givenCluster(env: NodeJS.ProcessEnv): KafkaCluster {
  const username = env['KAFKA_SASL_USERNAME'];
  return {
    brokers: (env['KAFKA_BROKERS'] ?? '')
      .split(',')
      .map((broker) => broker.trim())
      .filter((broker) => broker !== ''),
    nodes: [],
    via: 'environment',
    sasl: username
      ? {
          mechanism: (
            env['KAFKA_SASL_MECHANISM'] ?? 'scram-sha-512'
          ).toLowerCase() as KafkaCredentials['mechanism'],
          username,
          password: env['KAFKA_SASL_PASSWORD'] ?? '',
        }
      : undefined,
    stop: async () => undefined,
  };
}
