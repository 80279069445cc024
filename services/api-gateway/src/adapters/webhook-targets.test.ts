import fc from 'fast-check';
import { createTargetPolicy } from './webhook-targets.ts';

const strict = { allow: [], http: false, ports: [443, 8443] };
const never = () => Promise.reject(new Error('no name is looked up here'));
const codeOf = (url: string, rules: Parameters<typeof createTargetPolicy>[0] = strict) =>
  createTargetPolicy(rules, never).check(url)?.code ?? 'fine';

describe('what a URL says', () => {
  it.each([
    ['https://hms.example/wardline', 'fine'],
    ['https://hms.example:8443/wardline?a=b', 'fine'],
    ['https://8.8.8.8/', 'fine'],
    ['https://[2606:4700::1111]/', 'fine'],
    ['http://hms.example/', 'https-required'],
    ['https://hms.example:22/', 'port-refused'],
    ['https://user:pass@hms.example/', 'credentials-in-url'],
    ['https://user@hms.example/', 'credentials-in-url'],
    ['ftp://hms.example/', 'url-invalid'],
    ['file:///etc/passwd', 'url-invalid'],
    ['hms.example', 'url-invalid'],
    [`https://hms.example/${'a'.repeat(2_000)}`, 'url-invalid'],
    ['https://127.0.0.1/', 'target-refused'],
    // Other ways to write the same.
    ['https://2130706433/', 'target-refused'],
    ['https://0x7f.1/', 'target-refused'],
    ['https://0177.0.0.1/', 'target-refused'],
    ['https://127.1./', 'target-refused'],
    ['https://①②⑦.0.0.1/', 'target-refused'],
    ['https://[::1]/', 'target-refused'],
    ['https://[::ffff:127.0.0.1]/', 'target-refused'],
    ['https://[::ffff:7f00:1]/', 'target-refused'],
    ['https://[64:ff9b::7f00:1]/', 'target-refused'],
    ['https://169.254.169.254/latest/meta-data', 'target-refused'],
  ])('%s: %s', (url, code) => expect(codeOf(url)).toBe(code));

  it.each([
    ['http://127.0.0.1:3000/', ['127.0.0.0/8'], 'fine'],
    ['http://10.1.2.3:3000/', ['10.1.0.0/16'], 'fine'],
    ['https://10.2.2.3/', ['10.1.0.0/16'], 'target-refused'],
    ['http://hooks.intern:8080/', ['hooks.intern'], 'fine'],
    ['http://a.lan/', ['*.lan'], 'fine'],
    ['http://lan/', ['*.lan'], 'https-required'],
    ['http://evillan/', ['*.lan'], 'https-required'],
    ['https://[fd00::1]/', ['fd00::/8'], 'fine'],
    ['https://[::ffff:10.1.2.3]/', ['10.1.0.0/16'], 'fine'],
  ])('%s with %j allowed: %s', (url, allow, code) => expect(codeOf(url, { ...strict, allow })).toBe(code));
});

describe('an address that a connection may be made to', () => {
  const policy = createTargetPolicy(strict, never);

  it.each([
    ...['127.0.0.1', '10.0.0.1', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0'],
    ...['224.0.0.1', '255.255.255.255', '198.18.0.1', '192.0.2.1', '240.0.0.1', '192.0.0.1'],
    ...['::', '::1', 'fe80::1', 'fc00::1', 'fd12:3456::1', 'fec0::1', 'ff02::1', '2001:db8::1', '100::1'],
    ...[
      '::ffff:10.0.0.1',
      '::ffff:169.254.169.254',
      '64:ff9b::a00:1',
      '2002:a00:1::',
      '2001::1',
      '::10.0.0.1',
    ],
    ...['not an address', '', 'fe80::1%eth0'],
  ])('is not %s', (address) => expect(policy.mayConnect('hms.example', address)).toBe(false));

  it.each(['8.8.8.8', '2606:4700::1111', '::ffff:8.8.8.8'])('is %s', (address) =>
    expect(policy.mayConnect('hms.example', address)).toBe(true),
  );

  it('is never in a private IPv4 network, however it is dressed', () => {
    const octet = fc.nat(255);
    const inner = fc.oneof(
      fc.tuple(fc.constant(10), octet, octet, octet),
      fc.tuple(fc.constant(127), octet, octet, octet),
      fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), octet, octet),
      fc.tuple(fc.constant(192), fc.constant(168), octet, octet),
      fc.tuple(fc.constant(169), fc.constant(254), octet, octet),
      fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), octet, octet),
    );
    fc.assert(
      fc.property(inner, (octets) => {
        const dotted = octets.join('.');
        const hex = octets.map((n) => n.toString(16).padStart(2, '0')).join('');
        expect(policy.mayConnect('h', dotted)).toBe(false);
        expect(policy.mayConnect('h', `::ffff:${dotted}`)).toBe(false);
        expect(codeOf(`https://0x${hex}/`)).toBe('target-refused');
        expect(codeOf(`https://${Number.parseInt(hex, 16)}/`)).toBe('target-refused');
        expect(codeOf(`https://[64:ff9b::${hex.slice(0, 4)}:${hex.slice(4)}]/`)).toBe('target-refused');
      }),
    );
  });
});

describe('a name', () => {
  const policyFor = (addresses: string[]) =>
    createTargetPolicy(strict, async () =>
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );

  it('is refused when one of its addresses is private', async () => {
    expect(await policyFor(['8.8.8.8', '10.0.0.1']).checkResolved('https://hms.example/')).toMatchObject({
      code: 'target-refused',
    });
    expect(await policyFor(['8.8.8.8']).checkResolved('https://hms.example/')).toBeUndefined();
  });

  it('that cannot be resolved now is left to the moment of connecting', async () => {
    expect(await createTargetPolicy(strict, never).checkResolved('https://hms.example/')).toBeUndefined();
  });
});

it('says which network it cannot read', () => {
  expect(() => createTargetPolicy({ ...strict, allow: ['10.0.0.0/99'] }, never)).toThrow(RangeError);
});
