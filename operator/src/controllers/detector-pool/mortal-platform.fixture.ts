import type { PlatformReader, PoolPlatform } from '../../platform/platform.ts';
import type { InMemoryPlatform } from './in-memory-platform.fixture.ts';

/** A way to a platform that ends with the operator that uses it. */
export interface MortalPlatform extends PlatformReader, PoolPlatform {
  readonly dead: boolean;
  /** From now on nothing that is asked is done, or ever answered. */
  die(): void;
  /** Told of each write; true = whoever asks is dead by now. */
  told: (when: 'before' | 'after') => boolean;
}

/** A way to this platform. */
export function mortalPlatform(platform: InMemoryPlatform): MortalPlatform {
  let dead = false;
  const never = new Promise<never>(() => undefined);
  const mortal: MortalPlatform = {
    get dead() {
      return dead;
    },
    die: () => {
      dead = true;
    },
    told: () => false,
    models: (namespace) => (dead ? never : platform.models(namespace)),
    pools: (namespace) => (dead ? never : platform.pools(namespace)),
    putPool: (pool, spec) => write(() => platform.putPool(pool, spec)),
    deletePool: (pool) => write(() => platform.deletePool(pool)),
    saveRollout: (seen, update) => write(() => platform.saveRollout(seen, update)),
    setVersionState: (seen, version, state) => write(() => platform.setVersionState(seen, version, state)),
    writePlan: (seen, partitions) => write(() => platform.writePlan(seen, partitions)),
  };
  const write = async <T>(ask: () => Promise<T>): Promise<T> => {
    if (dead || mortal.told('before')) return never;
    const answer = await ask();
    return dead || mortal.told('after') ? never : answer;
  };
  return mortal;
}
