import { ConfigError } from '@wardline/config';
import { parseConfig } from './config.ts';

const key = Buffer.alloc(32, 1).toString('base64');
const good = {
  WARDLINE_STREAM_KEY: key,
  WARDLINE_SERVICE_KEY: key,
  WARDLINE_RPC_BRAIN: 'http://127.0.0.1:1',
};

it('needs two keys and the brain, and has defaults for the rest', () => {
  expect(parseConfig(good)).toMatchObject({ mediaPort: 0, connectionsMax: 250, voice: 'slt', leadMs: 80 });
});

it('names every problem at once', () => {
  try {
    parseConfig({ WARDLINE_STREAM_KEY: 'short', WARDLINE_MEDIA_PORT: '99999' });
    throw new Error('expected a failure');
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    const variables = (error as ConfigError).problems.map((problem) => problem.variable);
    expect(new Set(variables)).toEqual(
      new Set(['WARDLINE_STREAM_KEY', 'WARDLINE_SERVICE_KEY', 'WARDLINE_RPC_BRAIN', 'WARDLINE_MEDIA_PORT']),
    );
  }
});
