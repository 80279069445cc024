import { serverProperties, type NodeAddresses } from './server-properties.ts';

const nodes = (count: number): NodeAddresses[] =>
  Array.from({ length: count }, (_, i) => ({
    id: i + 1,
    bind: '127.0.0.1',
    host: '127.0.0.1',
    client: `127.0.0.1:${9000 + i}`,
    ports: { client: 9000 + i, internal: 9100 + i, controller: 9200 + i },
  }));

function propertiesOf(count: number, o: Partial<Parameters<typeof serverProperties>[0]> = {}) {
  const all = nodes(count);
  const text = serverProperties({
    node: all[0]!,
    nodes: all,
    dataDir: '/data',
    superuser: undefined,
    ...o,
  });
  return Object.fromEntries(
    text
      .trim()
      .split('\n')
      .map((line) => line.split(/=(.*)/s).slice(0, 2)),
  ) as Record<string, string>;
}

describe('serverProperties', () => {
  it('of three nodes keeps three copies, two of them in sync, of Kafka’s own topics too', () => {
    expect(propertiesOf(3)).toMatchObject({
      'controller.quorum.voters': '1@127.0.0.1:9200,2@127.0.0.1:9201,3@127.0.0.1:9202',
      'default.replication.factor': '3',
      'min.insync.replicas': '2',
      'offsets.topic.replication.factor': '3',
      'transaction.state.log.replication.factor': '3',
      'transaction.state.log.min.isr': '2',
    });
  });

  it('of one node asks for no more copies than there can be', () => {
    const properties = propertiesOf(1);
    const copies = Object.entries(properties).filter(([name]) =>
      /replication\.factor|min\.(isr|insync)/.test(name),
    );
    expect(copies.length).toBeGreaterThan(5);
    expect(new Set(copies.map(([, value]) => value))).toEqual(new Set(['1']));
  });

  it('with a superuser leaves no listener open to strangers', () => {
    const properties = propertiesOf(1, {
      superuser: { mechanism: 'scram-sha-512', username: 'admin', password: 'secret' },
    });
    expect(properties['listener.security.protocol.map']).toBe(
      'CLIENT:SASL_PLAINTEXT,INTERNAL:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT',
    );
    expect(properties).toMatchObject({
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'allow.everyone.if.no.acl.found': 'false',
      'super.users': 'User:admin',
    });
  });

  it('lets a test have its own settings', () => {
    expect(propertiesOf(1, { settings: { 'log.segment.bytes': '1048576' } })).toMatchObject({
      'log.segment.bytes': '1048576',
    });
  });
});
