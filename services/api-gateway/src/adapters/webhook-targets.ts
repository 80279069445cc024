import ipaddr from 'ipaddr.js';
import { lookup } from 'node:dns/promises';
import type { TargetProblem, WebhookTargets } from '../ports/webhook-sender.ts';

export interface TargetRules {
  /** Networks (`10.1.0.0/16`), addresses, host names (`hooks.intern`) or all below one (`*.intern`) that may be private. */
  readonly allow: readonly string[];
  /** Whether plain http will do. Hosts that are allowed by name or address may always use it. */
  readonly http: boolean;
  /** Ports of everything that is not allowed by name or address. */
  readonly ports: readonly number[];
}

export type Resolve = (host: string) => Promise<readonly { address: string; family: number }[]>;

export interface TargetPolicy extends WebhookTargets {
  /** Whether a connection may be made to this address for this host. The one rule that counts when connecting. */
  mayConnect(host: string, address: string): boolean;
  readonly resolve: Resolve;
}

const systemResolve: Resolve = (host) => lookup(host, { all: true, verbatim: true });

/**
 * Keeps webhooks away from what only we can reach: an address has to be public unicast, whether it is written in the URL
 * or a name resolves to it.
 *
 * @throws RangeError for a network that cannot be read
 */
export function createTargetPolicy(rules: TargetRules, resolve: Resolve = systemResolve): TargetPolicy {
  const networks: [ipaddr.IPv4 | ipaddr.IPv6, number][] = [];
  const hosts: string[] = [];
  for (const entry of rules.allow) {
    if (entry.includes('/')) networks.push(parseNetwork(entry));
    else if (ipaddr.isValid(entry)) {
      const address = unmapped(ipaddr.parse(entry));
      networks.push([address, address.kind() === 'ipv4' ? 32 : 128]);
    } else hosts.push(entry.toLowerCase());
  }
  const allowedHost = (host: string): boolean =>
    hosts.some((allowed) => (allowed.startsWith('*.') ? host.endsWith(allowed.slice(1)) : host === allowed));
  const inNetworks = (address: ipaddr.IPv4 | ipaddr.IPv6): boolean =>
    networks.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits));

  function mayConnect(host: string, text: string): boolean {
    if (!ipaddr.isValid(text)) return false;
    const address = unmapped(ipaddr.parse(text));
    return address.range() === 'unicast' || inNetworks(address) || allowedHost(host);
  }

  function check(text: string): TargetProblem | undefined {
    const url = text.length <= 2_000 && URL.canParse(text) ? new URL(text) : undefined;
    if (!url || url.hostname === '' || !/^https?:$/.test(url.protocol))
      return {
        code: 'url-invalid',
        detail: 'The URL has to be an absolute https URL of up to 2,000 characters.',
      };
    if (url.username !== '' || url.password !== '')
      return {
        code: 'credentials-in-url',
        detail: 'Leave user and password out of the URL; verify the signature.',
      };
    const host = hostOf(url);
    const literal = ipaddr.isValid(host);
    const trusted = allowedHost(host) || (literal && inNetworks(unmapped(ipaddr.parse(host))));
    if (url.protocol === 'http:' && !rules.http && !trusted)
      return { code: 'https-required', detail: 'The URL has to begin with https.' };
    const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
    if (!trusted && !rules.ports.includes(port))
      return { code: 'port-refused', detail: `Port ${port} is not one of ${rules.ports.join(', ')}.` };
    if (literal && !mayConnect(host, host)) return refused;
    return undefined;
  }

  return {
    check,
    mayConnect,
    resolve,
    async checkResolved(text) {
      const problem = check(text);
      if (problem) return problem;
      const host = hostOf(new URL(text));
      if (ipaddr.isValid(host)) return undefined;
      try {
        const addresses = await resolve(host);
        return addresses.every(({ address }) => mayConnect(host, address)) ? undefined : refused;
      } catch {
        // Not known now; what it resolves to later is checked when connecting.
        return undefined;
      }
    },
  };
}

const refused: TargetProblem = {
  code: 'target-refused',
  detail: 'The target is not a public address, and this installation does not allow it.',
};

/** Without the brackets of an IPv6 address and the dot that ends an absolute name. */
export const hostOf = (url: URL): string =>
  url.hostname
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
    .toLowerCase();

/** An IPv4 address in IPv6 clothing is judged as what it is. */
function unmapped(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  return address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

function parseNetwork(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  try {
    return ipaddr.parseCIDR(text);
  } catch (cause) {
    throw new RangeError(`"${text}" is not a network such as 10.1.0.0/16`, { cause });
  }
}
