import { describeCarrierControl } from '../../testing/describe-carrier-control.ts';
import { startFakeCarrier, type Trouble } from '../../testing/fake-carrier.ts';
import { createTelnyxCarrier } from './telnyx-carrier.ts';

const troubles: Record<'none' | 'silence' | 'reset' | 'server-error' | 'overload', Trouble | undefined> = {
  none: undefined,
  silence: 'silence',
  reset: 'reset',
  'server-error': { status: 500, code: '10011' },
  overload: { status: 429, code: '10011' },
};

describeCarrierControl('the Telnyx SDK over the wire', async () => {
  const carrier = await startFakeCarrier();
  const control = createTelnyxCarrier({ apiKey: carrier.apiKey, apiBase: carrier.apiBase, deadlineMs: 300 });
  return {
    control,
    ring: carrier.ring,
    end: carrier.end,
    trouble: (kind) => carrier.trouble(troubles[kind]),
    effectsOn: carrier.commandsOf,
    close: async () => {
      control.close();
      await carrier.close();
    },
  };
});

describe('the Telnyx adapter', () => {
  it('names all that a two-way stream needs, and its key', async () => {
    const carrier = await startFakeCarrier();
    const control = createTelnyxCarrier({ apiKey: carrier.apiKey, apiBase: carrier.apiBase });
    carrier.ring('v3:a/b');
    await control.answer('v3:a/b', { commandId: 'c1', streamUrl: 'wss://m.test/x', clientState: 'call-1' });
    expect(carrier.taken).toEqual([
      {
        leg: 'v3:a/b',
        action: 'answer',
        body: {
          command_id: 'c1',
          client_state: Buffer.from('call-1').toString('base64'),
          stream_url: 'wss://m.test/x',
          stream_track: 'inbound_track',
          stream_bidirectional_mode: 'rtp',
          stream_bidirectional_codec: 'PCMU',
        },
      },
    ]);
    control.close();
    await carrier.close();
  });

  it('does not take a refused key for an ended call', async () => {
    const carrier = await startFakeCarrier();
    const control = createTelnyxCarrier({ apiKey: 'wrong', apiBase: carrier.apiBase });
    carrier.ring('leg');
    expect(await control.status('leg')).toEqual({ kind: 'unknown', code: '10009' });
    expect(await control.hangUp('leg', { commandId: 'c' })).toEqual({ kind: 'refused', code: '10009' });
    control.close();
    await carrier.close();
  });
});
