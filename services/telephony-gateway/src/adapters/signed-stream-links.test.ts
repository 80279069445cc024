import { createSignedStreamLinks, socketUrl } from './signed-stream-links.ts';

const links = createSignedStreamLinks({
  mediaPublicUrl: 'http://127.0.0.1:9000',
  streamKey: Buffer.alloc(32, 7).toString('base64'),
  now: () => 1_700_000_000_000,
});
const grant = {
  ...{ callId: 'c', tenantId: 't', clinicId: 'k', callControlId: 'v3:x', language: 'en-US' },
  ...{ epoch: 4, resumed: true, traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
};

describe('stream links', () => {
  it.each([
    ['https://media.example.test', 'wss://media.example.test'],
    ['http://localhost:8081/', 'ws://localhost:8081'],
    ['wss://media.example.test/voice/', 'wss://media.example.test/voice'],
    ['ws://localhost:8081', 'ws://localhost:8081'],
  ])('of %s open a socket at %s', (publicUrl, expected) => {
    expect(socketUrl(publicUrl)).toBe(expected);
  });

  it('are never the same twice', async () => {
    expect(await links.create(grant)).not.toBe(await links.create(grant));
  });

  it('tell the owner epoch of a stream that the carrier quotes', async () => {
    expect(links.epochOf(await links.create(grant))).toBe(4);
  });

  it.each([undefined, '', 'nonsense', 'wss://x.test/?token=abc', 'wss://x.test/'])(
    'read nothing from %p',
    (link) => {
      expect(links.epochOf(link)).toBeNull();
    },
  );
});
