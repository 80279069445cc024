import { processOf } from './kill.ts';

const named = (...names: string[]) => names.map((name) => ({ name }));

describe('the process that is killed', () => {
  it('is the one that holds the service with npm start', () => {
    const processes = named('media', 'realtime', 'back-office');
    expect(processOf('telephony-gateway', processes).name).toBe('realtime');
    expect(processOf('campaigns', processes).name).toBe('back-office');
  });

  it('is its own with npm run platform', () => {
    expect(processOf('campaigns', named('directory', 'telephony-gateway', 'campaigns')).name).toBe(
      'campaigns',
    );
  });

  it('is none that happens to run', () => {
    expect(() => processOf('campaigns', named('media'))).toThrow('no process of this copy holds campaigns');
  });
});
