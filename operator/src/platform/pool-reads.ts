import type { PoolsQuery, PoolView } from '@verdict/contracts';
import type { Clock } from '@verdict/process';
import type { PlatformReader } from './platform.ts';
import { SharedAnswer } from './shared-answer.ts';

/** So many pools are asked for by themselves at a time; more of them share the list of all. */
const singlesAtOnce = 4;

/**
 * How pools are read: from one list that all looks share while it is fresh enough. Who needs fresher news of one pool
 * (it was just written, or is being rolled out) gets that one alone, so that one rollout does not ask for a thousand
 * pools every second; where many need it, one list is less to ask.
 */
export function poolReads(
  ask: (query?: PoolsQuery) => Promise<readonly PoolView[]>,
  clock: Pick<Clock, 'monotonicMs'>,
): PlatformReader['pools'] {
  const all = new SharedAnswer(() => ask(), clock);
  let singles = 0;
  return async (namespace, { notBeforeMs, name, model } = {}) => {
    const read = { notBeforeMs };
    const isOne = name !== undefined || model !== undefined;
    // Where the list is too old for anybody it is read anew: all others need it too.
    const tooOldForThis = all.has() && !all.has(read);
    if (!isOne || !tooOldForThis || singles >= singlesAtOnce) return inside(namespace, await all.get(read));
    singles++;
    try {
      return inside(namespace, await ask({ namespace, name, model }));
    } finally {
      singles--;
    }
  };
}

function inside(namespace: string, pools: readonly PoolView[]): PoolView[] {
  return pools.filter((one) => one.namespace === namespace);
}
