import type { Network } from '@verdict/detection';

/** A net that several engines ask. */
export interface SharedNetwork extends Network {
  /** Null when no call is under way; else what resolves when the last one has ended, which is never while one hangs. */
  busy(): Promise<void> | null;
}

/**
 * One net for several engines: a net takes one call at a time, and its answer belongs to the caller only until
 * the next call. So calls wait for each other, and each gets a copy.
 */
export function sharedNetwork(network: Network): SharedNetwork {
  let last: Promise<unknown> = Promise.resolve();
  let underWay = 0;
  return {
    inputWidth: network.inputWidth,
    run(rows, count) {
      underWay += 1;
      const result = last.then(async () => (await network.run(rows, count)).slice());
      const end = () => {
        underWay -= 1;
      };
      // Whoever waits behind must not fail because this call did; the caller itself sees the error.
      last = result.then(end, end);
      return result;
    },
    busy: () => (underWay === 0 ? null : last.then(() => undefined)),
  };
}
