import { lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { type InNetworks, isRefusedAddress, readNetworks } from './refused-networks.ts';

/** Which addresses inside our own networks webhooks may reach: networks, and hosts by name. */
export interface AllowedAddresses {
  readonly inNetworks: InNetworks;
  /** In lower case, exactly as URLs name them. */
  readonly hosts: ReadonlySet<string>;
}

const hostName = /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/;

/** Reads a comma separated list of networks (`10.0.0.0/8`), addresses and host names. Null: one of them is none of these. */
export function readAllowedAddresses(text: string): AllowedAddresses | null {
  const entries = text
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== '');
  const isNetwork = (entry: string) => entry.includes('/') || isIP(entry) !== 0;
  const hosts = entries.filter((entry) => !isNetwork(entry));
  const inNetworks = readNetworks(entries.filter(isNetwork));
  return inNetworks === null || !hosts.every((host) => hostName.test(host))
    ? null
    : { inNetworks, hosts: new Set(hosts) };
}

/** What is said here, that is nothing more than the open internet. */
export const nothingAllowed: AllowedAddresses = { inNetworks: () => false, hosts: new Set() };

/** An address is not to be reached. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

/** Decides whether something may be sent to an address. */
export interface AddressGuard {
  /** Throws `AddressRefused` for a URL that is refused as it is written; its host may still resolve to a refused one. */
  checkUrl(url: URL): void;
  /**
   * Resolves a host's name for the very connection that is being made, and gives only addresses that may be reached: what
   * was checked is what is connected to, whatever the name resolves to a moment later.
   */
  lookupFor(url: URL): LookupFunction;
}

/** Resolves a name as `dns.lookup` with `all` does. */
export type Resolve = (
  host: string,
  done: (error: Error | null, addresses: readonly { address: string; family: number }[]) => void,
) => void;

const resolveBySystem: Resolve = (host, done) =>
  systemLookup(host, { all: true }, (error, addresses) => done(error, addresses ?? []));

/**
 * Keeps webhooks out of our own networks, but for what is allowed. Plain http, which anybody on the way can read, is
 * for allowed addresses alone.
 */
export function addressGuard(allowed: AllowedAddresses, resolve: Resolve = resolveBySystem): AddressGuard {
  const problemOf = (url: URL, address: string): string | null => {
    if (allowed.hosts.has(hostOf(url)) || allowed.inNetworks(address)) return null;
    if (isRefusedAddress(address))
      return `${hostOf(url)} is inside our own networks (VERDICT_WEBHOOK_ALLOW says what of them may be reached)`;
    return url.protocol === 'https:'
      ? null
      : 'plain http is only for addresses that VERDICT_WEBHOOK_ALLOW names';
  };
  return {
    checkUrl(url) {
      const host = hostOf(url);
      if (isIP(host) === 0) return;
      const problem = problemOf(url, host);
      if (problem !== null) throw new AddressRefused(problem);
    },
    lookupFor: (url) => (host, options, callback) => {
      resolve(host, (error, found) => {
        if (error !== null) {
          callback(error, '', 4);
          return;
        }
        const problems = found.map(({ address }) => problemOf(url, address));
        const good = found.filter((_, index) => problems[index] === null);
        const [first] = good;
        if (first === undefined) callback(new AddressRefused(problems[0] ?? `${host} has no address`), '', 4);
        else if (options.all === true) callback(null, [...good]);
        else callback(null, first.address, first.family);
      });
    },
  };
}

/** Without the brackets of IPv6, and without the dot that ends a whole name. */
function hostOf(url: URL): string {
  return url.hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
}
