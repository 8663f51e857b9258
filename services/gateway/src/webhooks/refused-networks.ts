import { BlockList, isIP, isIPv6 } from 'node:net';

/**
 * What is not the open internet: this machine, private and link-local networks, those for documentation and tests,
 * multicast (RFC 6890 and IANA's special-purpose registries), ways to write an IPv4 address as IPv6, and the
 * addresses at which clouds answer their own machines.
 */
const refused = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '168.63.129.16/32',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
];

/** Whether an address lies in one of some networks. */
export type InNetworks = (address: string) => boolean;

/** Reads networks written as `10.0.0.0/8` or as single addresses; null when one of them is neither. */
export function readNetworks(texts: readonly string[]): InNetworks | null {
  const list = new BlockList();
  for (const text of texts) {
    const [address = '', bits, ...rest] = text.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    const most = family === 'ipv6' ? 128 : 32;
    const prefix = bits === undefined ? most : Number(bits);
    const isNumber = bits === undefined || /^\d{1,3}$/.test(bits);
    if (isIP(address) === 0 || rest.length > 0 || !isNumber || prefix > most) return null;
    list.addSubnet(address, prefix, family);
  }
  return (written) => {
    const address = unmapped(written);
    return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  };
}

/** Whether an address is none of the open internet. What is no address is refused too. */
export function isRefusedAddress(address: string): boolean {
  return isIP(address) === 0 || inRefused(address);
}

const inRefused: InNetworks =
  readNetworks(refused) ??
  (() => {
    throw new Error('a network is written wrong');
  })();

/** An IPv4 address that is written as IPv6 (`::ffff:127.0.0.1`, `::ffff:7f00:1`) as what it is. */
function unmapped(address: string): string {
  if (!isIPv6(address)) return address;
  // The one way that a URL writes it.
  const plain = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(plain) ?? [];
  if (high === undefined || low === undefined) return plain;
  const [one, two] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [one >> 8, one & 255, two >> 8, two & 255].join('.');
}
