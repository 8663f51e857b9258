/**
 * Randomness without state: the same keys always give the same number, so any moment of the shop can be computed
 * by itself. The mixing is MurmurHash3's (Appleby, 2011, 32 bits), one key at a time.
 */
function hash32(keys: readonly number[]): number {
  let hash = 0x9747b28c;
  for (const key of keys) {
    hash = mixIn(hash, key | 0);
    // Step numbers may exceed 32 bits.
    hash = mixIn(hash, Math.floor(key / 2 ** 32) | 0);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function mixIn(hash: number, word: number): number {
  let key = Math.imul(word, 0xcc9e2d51);
  key = (key << 15) | (key >>> 17);
  const mixed = hash ^ Math.imul(key, 0x1b873593);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

/** Uniform in [0, 1), decided by the keys (integers). */
export function uniformAt(...keys: number[]): number {
  return hash32(keys) / 2 ** 32;
}

/** Uniform in [low, high). */
export function between(uniform: number, low: number, high: number): number {
  return low + uniform * (high - low);
}

/** Evenly distributed in the logarithm, in [low, high): for sizes that differ by orders of magnitude. */
export function logBetween(uniform: number, low: number, high: number): number {
  return low * (high / low) ** uniform;
}

/** Standard normal number, decided by the keys (Box and Muller, 1958). */
export function gaussianAt(...keys: number[]): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniformAt(...keys, 1)));
  return radius * Math.cos(2 * Math.PI * uniformAt(...keys, 2));
}

/** Noise that wanders: unit variance, correlated over about `scale` steps. `step` comes last among the keys. */
export function smoothGaussianAt(scale: number, step: number, ...keys: number[]): number {
  const knot = Math.floor(step / scale);
  const share = step / scale - knot;
  const weight = share * share * (3 - 2 * share);
  const mixed = (1 - weight) * gaussianAt(...keys, knot) + weight * gaussianAt(...keys, knot + 1);
  return mixed / Math.hypot(1 - weight, weight);
}
