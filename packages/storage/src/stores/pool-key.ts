/** Takes a pool's key, `namespace/pool`, apart. */
export function splitPoolKey(pool: string): { namespace: string; name: string } {
  const slash = pool.indexOf('/');
  if (slash <= 0 || slash === pool.length - 1)
    throw new RangeError(`${pool} is not a pool's key: namespace/pool`);
  return { namespace: pool.slice(0, slash), name: pool.slice(slash + 1) };
}
