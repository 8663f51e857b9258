import type { Leadership } from '../kube/fenced-client.ts';
import type { LeaderElection } from './leader-election.ts';

export interface ControlLoopOptions {
  /** Watches until the signal is aborted; from the start, so that a replica that waits takes over with warm caches. */
  readonly watch: (signal: AbortSignal) => Promise<void>;
  readonly election: Pick<LeaderElection, 'run'>;
  /** What may only be done while we lead, until that ends; its clients are to be fenced with the leadership. */
  readonly lead: (leadership: Leadership) => Promise<void>;
  /** Another replica may lead by now, and nobody knows what of ours is still under way: the process must end. */
  readonly lost: () => void;
  /** Something broke that must not: a bug. */
  readonly crash: (error: unknown) => void;
}

/**
 * Starts everything of an operator that reconciles; returns how to stop it: what leads first (it finishes what it is
 * at), then the lease is given back, then the watches end.
 */
export function runControlLoop(options: ControlLoopOptions): () => Promise<void> {
  const { watch, election, lead, lost, crash } = options;
  const stopLeading = new AbortController();
  const stopWatching = new AbortController();
  const watching = watch(stopWatching.signal).catch(crash);
  const leading = election.run(stopLeading.signal, lead).then((end) => {
    if (end === 'lost') lost();
    else if (!stopLeading.signal.aborted) crash(new Error('the controllers ended by themselves'));
  }, crash);
  return async () => {
    stopLeading.abort();
    await leading;
    stopWatching.abort();
    await watching;
  };
}
