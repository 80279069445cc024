import { decodeJwt } from 'jose';
import type { StreamGrant } from '../ports/stream-links.ts';
import { createSignedStreamLinks, socketUrl } from './signed-stream-links.ts';

const links = createSignedStreamLinks({
  mediaPublicUrl: 'http://127.0.0.1:9000',
  streamKey: Buffer.alloc(32, 7).toString('base64'),
  now: () => 1_700_000_000_000,
});
const grant: StreamGrant = {
  ...{ callId: 'c', tenantId: 't', clinicId: 'k', callControlId: 'v3:x', language: 'en-US' },
  ...{ epoch: 4, resumed: true, traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
  ...{ attemptId: undefined, machine: false },
};
const claimsOf = async (o: Partial<StreamGrant>) =>
  decodeJwt(new URL(await links.create({ ...grant, ...o })).searchParams.get('token') ?? '');

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

  it('name the attempt that a call of ours is, and whether a machine listens', async () => {
    expect(await claimsOf({ attemptId: 'a', machine: true })).toMatchObject({ att: 'a', mch: true });
    const inbound = await claimsOf({});
    expect(inbound).toMatchObject({ sub: 'c', mch: false });
    expect(inbound).not.toHaveProperty('att');
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
