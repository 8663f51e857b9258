import type { Network } from '@verdict/detection';

/**
 * One net for several engines: a net takes one call at a time, and its answer belongs to the caller only until
 * the next call. So calls wait for each other, and each gets a copy.
 */
export function sharedNetwork(network: Network): Network {
  let last: Promise<unknown> = Promise.resolve();
  return {
    inputWidth: network.inputWidth,
    run(rows, count) {
      const result = last.then(async () => (await network.run(rows, count)).slice());
      // Whoever waits behind must not fail because this call did; the caller itself sees the error.
      last = result.catch(() => undefined);
      return result;
    },
  };
}
