import { describeCarrierControl } from '../../testing/describe-carrier-control.ts';
import { startFakeCarrier, type Trouble } from '../../testing/fake-carrier.ts';
import { Personal } from '@wardline/personal-data';
import { callIdOf } from './client-state.ts';
import { createTelnyxCarrier } from './telnyx-carrier.ts';

const troubles: Record<
  'none' | 'lost-answer' | 'silence' | 'reset' | 'server-error' | 'overload',
  Trouble | undefined
> = {
  none: undefined,
  'lost-answer': 'lost-answer',
  silence: 'silence',
  reset: 'reset',
  'server-error': { status: 500, code: '10011' },
  overload: { status: 429, code: '10011' },
};

describeCarrierControl('the Telnyx SDK over the wire', async () => {
  const carrier = await startFakeCarrier();
  carrier.invalidNumbers.add('+12025550100');
  const control = createTelnyxCarrier({ ...carrier, deadlineMs: 300 });
  return {
    control,
    ring: carrier.ring,
    end: carrier.end,
    trouble: (kind) => carrier.trouble(troubles[kind]),
    effectsOn: carrier.commandsOf,
    dialled: () => carrier.dialled,
    invalidNumber: '+12025550100',
    close: async () => {
      control.close();
      await carrier.close();
    },
  };
});

describe('the Telnyx adapter', () => {
  it('names all that a two-way stream needs, and its key', async () => {
    const carrier = await startFakeCarrier();
    const control = createTelnyxCarrier(carrier);
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

  it('dials without a stream, with machine detection, and with the call in what the carrier quotes', async () => {
    const carrier = await startFakeCarrier();
    const control = createTelnyxCarrier(carrier);
    const callId = '01930000-0000-7000-8000-0000000000c1';
    const to = Personal.of('+12025550143');
    await control.dial({
      commandId: 'c1',
      callId,
      from: '+12025550110',
      to,
      ringSecs: 25,
      callSecsMax: 1_800,
    });
    const [command] = carrier.taken;
    expect(command?.body).toEqual({
      command_id: 'c1',
      connection_id: carrier.connectionId,
      client_state: expect.any(String),
      from: '+12025550110',
      to: '+12025550143',
      timeout_secs: 25,
      time_limit_secs: 1_800,
      answering_machine_detection: 'premium',
    });
    expect(callIdOf(command?.body['client_state'] as string)).toBe(callId);
    control.close();
    await carrier.close();
  });

  it('does not take a refused key for an ended call', async () => {
    const carrier = await startFakeCarrier();
    const control = createTelnyxCarrier({ ...carrier, apiKey: 'wrong' });
    carrier.ring('leg');
    expect(await control.status('leg')).toEqual({ kind: 'unknown', code: '10009' });
    expect(await control.hangUp('leg', { commandId: 'c' })).toEqual({ kind: 'refused', code: '10009' });
    control.close();
    await carrier.close();
  });
});
