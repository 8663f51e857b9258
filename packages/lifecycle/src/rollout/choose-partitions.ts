/** Partition ids in the order in which people count them. */
export function inOrder(partitions: Iterable<string>): string[] {
  return [...new Set(partitions)].sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : a > b ? 1 : 0));
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const char of text) value = Math.imul(value ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return value;
}

/**
 * The partitions that a candidate serves at a share of all: ceil(share × N), at least one, those served already among
 * them. Those with readings come first: on one that has none, nobody would ever learn how the candidate does. Among
 * them the order is fixed by the candidate and the partition's id, so that each candidate is tried on others first,
 * and a larger share contains every smaller one.
 */
export function choosePartitions(request: {
  readonly partitions: readonly string[];
  readonly share: number;
  readonly candidate: number;
  readonly chosen: readonly string[];
  /** Readings in each partition so far; one that is not named has none. */
  readonly readings: Readonly<Record<string, number>>;
}): string[] {
  const { partitions, share, candidate, chosen, readings } = request;
  const wanted = Math.min(partitions.length, Math.max(1, Math.ceil(share * partitions.length - 1e-9)));
  const count = (partition: string) => readings[partition] ?? 0;
  const mean = partitions.reduce((total, partition) => total + count(partition), 0) / partitions.length;
  // A partition with a trickle says something, but late; half of the mean is busy enough.
  const order = (partition: string) =>
    chosen.includes(partition) ? 0 : 2 * count(partition) >= mean ? 1 : count(partition) > 0 ? 2 : 3;
  const rank = (partition: string) => hash(`${candidate}/${partition}`);
  const ranked = inOrder(partitions).sort((a, b) => order(a) - order(b) || rank(a) - rank(b));
  return inOrder([...chosen, ...ranked.slice(0, wanted)]);
}
