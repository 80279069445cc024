import type { KafkaCredentials } from './cluster.ts';

/** Where one node is reached, and by whom. */
export interface NodeAddresses {
  readonly id: number;
  /** The interface it listens on. */
  readonly bind: string;
  /** Ports it listens on. */
  readonly ports: { readonly client: number; readonly internal: number; readonly controller: number };
  /** `host:port` under which clients find it. */
  readonly client: string;
  /** Host under which the other nodes find it. */
  readonly host: string;
}

export interface ServerPropertiesOptions {
  readonly node: NodeAddresses;
  readonly nodes: readonly NodeAddresses[];
  readonly dataDir: string;
  readonly superuser: KafkaCredentials | undefined;
  /** Other principals that may log in with PLAIN; only with a superuser. */
  readonly users?: readonly { readonly username: string; readonly password: string }[] | undefined;
  readonly settings?: Readonly<Record<string, string>> | undefined;
}

/**
 * The `server.properties` of one node in KRaft mode (Kafka documentation, "KRaft" and "Broker Configs"): broker and
 * controller at once, the voters fixed. Sizes are those of a test machine, promises are those of production: replication
 * 3, two in sync, no leader that lacks data, no topic that nobody declared.
 */
export function serverProperties(o: ServerPropertiesOptions): string {
  const { node } = o;
  const replicas = String(Math.min(3, o.nodes.length));
  const inSync = o.nodes.length >= 3 ? '2' : '1';
  const listener = (name: string, host: string, port: number) => `${name}://${host}:${port}`;
  const security = o.superuser ? 'SASL_PLAINTEXT' : 'PLAINTEXT';
  const properties: Record<string, string> = {
    'process.roles': 'broker,controller',
    'node.id': String(node.id),
    'controller.quorum.voters': o.nodes
      .map(({ id, host, ports }) => `${id}@${host}:${ports.controller}`)
      .join(','),
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'INTERNAL',
    'listener.security.protocol.map': `CLIENT:${security},INTERNAL:${security},CONTROLLER:${security}`,
    listeners: [
      listener('CLIENT', node.bind, node.ports.client),
      listener('INTERNAL', node.bind, node.ports.internal),
      listener('CONTROLLER', node.bind, node.ports.controller),
    ].join(','),
    'advertised.listeners': `CLIENT://${node.client},INTERNAL://${node.host}:${node.ports.internal}`,
    'log.dirs': o.dataDir,

    'auto.create.topics.enable': 'false',
    'default.replication.factor': replicas,
    'min.insync.replicas': inSync,
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': '6',
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': inSync,
    'transaction.state.log.num.partitions': '6',
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': inSync,
    'share.coordinator.state.topic.num.partitions': '3',
    'group.initial.rebalance.delay.ms': '0',
    // How long a killed broker stays the leader of its partitions; Kafka's own 9 s makes failures tedious to test.
    'broker.session.timeout.ms': '6000',
    'broker.heartbeat.interval.ms': '1000',
    // An index is made at its full size and mapped: 10 MB by default, for each partition and segment.
    'log.index.size.max.bytes': '1048576',
    'log.segment.bytes': '67108864',
    // The cleaner's default buffer of 128 MB is half of the heap here.
    'log.cleaner.dedupe.buffer.size': '8388608',
    'num.network.threads': '2',
    'num.io.threads': '4',
    ...(o.superuser ? saslProperties(o.superuser, o.users ?? []) : {}),
    ...o.settings,
  };
  return `${Object.entries(properties)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')}\n`;
}

/**
 * Nobody without a name and a password, on no listener. The controllers' listener cannot use SCRAM, whose passwords are
 * kept by the controllers themselves, hence PLAIN between the nodes of one superuser. Clients may use PLAIN as well: those
 * built on librdkafka before 2.6.1, such as kcat of Debian 12, send a SCRAM nonce that Kafka 4 refuses
 * (github.com/confluentinc/librdkafka/pull/4895).
 */
function saslProperties(
  { username, password }: KafkaCredentials,
  users: NonNullable<ServerPropertiesOptions['users']>,
): Record<string, string> {
  const known = [{ username, password }, ...users].map((user) => `user_${user.username}="${user.password}"`);
  const login = `username="${username}" password="${password}"`;
  const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required';
  const plain = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
  return {
    'sasl.enabled.mechanisms': 'SCRAM-SHA-512',
    'listener.name.client.sasl.enabled.mechanisms': 'SCRAM-SHA-512,PLAIN',
    'listener.name.client.plain.sasl.jaas.config': `${plain} ${known.join(' ')};`,
    'sasl.mechanism.inter.broker.protocol': 'SCRAM-SHA-512',
    'sasl.mechanism.controller.protocol': 'PLAIN',
    'listener.name.controller.sasl.enabled.mechanisms': 'PLAIN',
    'listener.name.client.scram-sha-512.sasl.jaas.config': `${scram};`,
    'listener.name.internal.scram-sha-512.sasl.jaas.config': `${scram} ${login};`,
    'listener.name.controller.plain.sasl.jaas.config': `${plain} ${login} user_${username}="${password}";`,
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'allow.everyone.if.no.acl.found': 'false',
    'super.users': `User:${username}`,
  };
}
