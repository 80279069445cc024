import { parseConfig } from './config.ts';

const busUrl = 'postgresql://wardline_bus:secret@127.0.0.1:5432/wardline';

describe('the configuration of the relay', () => {
  it('names the outboxes’ database and, when there are any, the brokers', () => {
    expect(parseConfig({ WARDLINE_DB_BUS: busUrl }).eventBus).toEqual({
      databaseUrl: busUrl,
      kafka: undefined,
    });
    expect(
      parseConfig({ WARDLINE_DB_BUS: busUrl, KAFKA_BROKERS: 'a:9092, b:9092' }).eventBus.kafka?.brokers,
    ).toEqual(['a:9092', 'b:9092']);
  });

  it('is refused without the outboxes’ database', () => {
    expect(() => parseConfig({ KAFKA_BROKERS: 'a:9092' })).toThrow(/WARDLINE_DB_BUS/);
  });
});
