/** What a link is about. Names are as the peer wrote them; compare them without case. */
export type LinkAddress =
  | { kind: 'cbs' }
  | { kind: 'management'; hub: string | undefined }
  | { kind: 'publish'; hub: string; partition: string | undefined }
  | { kind: 'consume'; hub: string; consumerGroup: string; partition: string };

/**
 * Reads the address of a link's source or target: `$cbs`, `$management`, `hub/$management`, `hub`,
 * `hub/Partitions/0`, `hub/ConsumerGroups/$Default/Partitions/0`.
 *
 * @returns undefined for any other address
 */
export function parseLinkAddress(address: string): LinkAddress | undefined {
  const [hub, ...rest] = withoutOrigin(address).split('/');
  if (hub === undefined || hub === '') return undefined;
  if (hub === '$cbs') return { kind: 'cbs' };
  if (hub === '$management') return { kind: 'management', hub: undefined };
  const [first, second, third, fourth, ...more] = rest;
  if (first === undefined) return { kind: 'publish', hub, partition: undefined };
  if (first === '$management' && second === undefined) return { kind: 'management', hub };
  if (same(first, 'partitions') && second && third === undefined) {
    return { kind: 'publish', hub, partition: second };
  }
  if (same(first, 'consumergroups') && second && same(third, 'partitions') && fourth && more.length === 0) {
    return { kind: 'consume', hub, consumerGroup: second, partition: fourth };
  }
  return undefined;
}

/** The path that a claim must cover, in lower case. */
export function claimPath(address: string): string {
  return withoutOrigin(address).toLowerCase();
}

const withoutOrigin = (address: string): string =>
  address.replace(/^[a-z]+:\/\/[^/]+\//i, '').replace(/^\/+/, '');

const same = (text: string | undefined, lowerCase: string): boolean => text?.toLowerCase() === lowerCase;
