/**
 * Whether an object of the API server has everything that we want of it. What the server fills in besides is no
 * difference, and neither is an empty value that it leaves out. Items of a list are found by their name where they have
 * one, else by their place.
 */
export function holdsAll(live: unknown, wanted: unknown): boolean {
  if (isEmpty(wanted) && (live === undefined || live === null)) return true;
  if (Array.isArray(wanted)) return Array.isArray(live) && listHolds(live, wanted);
  if (isRecord(wanted))
    return isRecord(live) && Object.entries(wanted).every(([key, value]) => holdsAll(live[key], value));
  return live === wanted;
}

function listHolds(live: readonly unknown[], wanted: readonly unknown[]): boolean {
  if (live.length < wanted.length) return false;
  return wanted.every((item, index) => {
    const name = nameOf(item);
    return holdsAll(name === undefined ? live[index] : live.find((one) => nameOf(one) === name), item);
  });
}

/** By what the server tells items of a list apart. */
function nameOf(item: unknown): unknown {
  return isRecord(item) ? (item.name ?? item.mountPath ?? item.uid ?? item.topologyKey) : undefined;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === 0 || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isRecord(value) && Object.values(value).every(isEmpty);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
