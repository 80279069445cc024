import { parseConfig } from './config.ts';
import { environmentOf, type EnvironmentOptions } from './environment.ts';
import { embeddedProcesses, platformProcesses } from './layout.ts';

const kafkaAs = (user: string) => ({ KAFKA_BROKERS: '127.0.0.1:9092', KAFKA_SASL_USERNAME: user });
const kafkaVariables = {
  superuser: kafkaAs('admin'),
  consumer: kafkaAs('consumer'),
  relay: kafkaAs('relay'),
};

const options = (o: Partial<EnvironmentOptions> = {}): EnvironmentOptions => ({
  config: parseConfig({ WARDLINE_DATA: '/data' }),
  secrets: {
    serviceKey: 'service-key',
    streamKey: 'stream-key',
    masterKey: 'master-key',
    rolePasswords: {},
    kafkaPasswords: {},
    simulator: { apiKey: 'KEY', controlKey: 'control', privateKey: 'private', publicKey: 'public' },
  },
  carrier: {
    apiKey: 'KEY',
    publicKey: 'public',
    apiBase: 'http://c',
    publicUrl: 'http://p',
    mediaPublicUrl: 'ws://m',
  },
  ports: {
    directory: 1,
    appointments: 2,
    telephony: 3,
    telephonyHttp: 4,
    brain: 5,
    notifications: 6,
    campaigns: 8,
    patients: 9,
    insights: 10,
    keyValue: 7,
  },
  publicPort: 8080,
  mediaPort: 8081,
  databaseUrlOf: (role) => `postgresql://${role}`,
  kafkaVariables: undefined,
  redisUrl: undefined,
  ...o,
});

const platform = Object.fromEntries(
  platformProcesses.map(({ name, services }) => [
    name,
    environmentOf(services, options({ kafkaVariables, redisUrl: 'redis://r' })),
  ]),
);
const embedded = Object.fromEntries(
  embeddedProcesses.map(({ name, services }) => [name, environmentOf(services, options())]),
);

const rolesIn = (env: NodeJS.ProcessEnv | undefined) =>
  Object.values(env ?? {})
    .filter((value) => value?.startsWith('postgresql://'))
    .map((value) => value?.replace('postgresql://wardline_', ''))
    .sort();

describe('what a process of the platform is told', () => {
  it.each([
    ['directory', ['directory']],
    ['appointments', ['appointments', 'parking']],
    ['telephony-gateway', ['parking', 'telephony']],
    ['conversation-brain', ['brain']],
    ['voice-media', []],
    ['notifications', ['notifications', 'parking']],
    ['campaigns', ['campaigns', 'parking']],
    ['patients', ['patients']],
    ['insights', ['insights', 'parking']],
    ['api-gateway', ['gateway', 'parking']],
    ['event-relay', ['bus']],
  ])('%s: of the database the roles %j', (name, roles) => {
    expect(rolesIn(platform[name])).toEqual(roles);
  });

  it.each([
    ['WARDLINE_STREAM_KEY', ['telephony-gateway', 'voice-media']],
    ['TELNYX_API_KEY', ['telephony-gateway']],
    [
      'KAFKA_BROKERS',
      [
        'api-gateway',
        'appointments',
        'campaigns',
        'event-relay',
        'insights',
        'notifications',
        'telephony-gateway',
      ],
    ],
    ['REDIS_URL', ['api-gateway', 'conversation-brain', 'telephony-gateway']],
    ['WARDLINE_RPC_KEYVALUE', []],
    [
      'WARDLINE_MASTER_KEY',
      [
        'api-gateway',
        'appointments',
        'campaigns',
        'conversation-brain',
        'notifications',
        'patients',
        'telephony-gateway',
      ],
    ],
  ])('%s goes to %j alone', (variable, names) => {
    expect(
      Object.entries(platform)
        .filter(([, env]) => env[variable] !== undefined)
        .map(([name]) => name)
        .sort(),
    ).toEqual(names);
  });

  it.each([
    ['appointments', 'consumer'],
    ['notifications', 'consumer'],
    ['event-relay', 'relay'],
    ['api-gateway', 'admin'],
  ])('%s is %s to Kafka', (name, user) => {
    expect(platform[name]).toMatchObject(kafkaAs(user));
  });

  it('never has the supervisor’s own secrets', () => {
    for (const env of [...Object.values(platform), ...Object.values(embedded)]) {
      expect(JSON.stringify(env)).not.toMatch(/control|private|wardline_sweeper/);
    }
  });
});

describe('what a process of the embedded run is told', () => {
  it.each([
    ['media', []],
    ['realtime', ['appointments', 'brain', 'bus', 'directory', 'telephony']],
    ['back-office', ['bus', 'campaigns', 'gateway', 'insights', 'notifications', 'patients']],
  ])('%s: of the database the roles %j', (name, roles) => {
    expect(rolesIn(embedded[name])).toEqual(roles);
  });

  it('is nothing of Kafka and Redis', () => {
    for (const env of Object.values(embedded)) {
      expect(Object.keys(env).filter((name) => /^(KAFKA|REDIS)_/.test(name))).toEqual([]);
    }
  });
});
