import type { Logger } from '@verdict/process';
import type { Leadership } from '../kube/fenced-client.ts';
import type { Controller } from './controller.ts';
import type { LeaderElection } from './leader-election.ts';
import type { Reflector } from './reflector.ts';

export interface ControlLoopOptions {
  /** Run from the start, so that a replica that waits takes over with warm caches. */
  readonly reflectors: readonly Pick<Reflector<never>, 'run'>[];
  readonly election: LeaderElection;
  /** Builds what may only run while we lead; its clients are to be fenced with the leadership. */
  readonly controllers: (leadership: Leadership) => readonly Pick<Controller, 'run'>[];
  readonly logger: Logger;
  /** The lead was lost, or something broke: the process must end with an error. Called at most once. */
  readonly failed: (error: Error) => void;
}

/**
 * Starts everything of an operator that reconciles; returns how to stop it: controllers first (they finish what they
 * are at), then the lease is given back, then the reflectors end.
 */
export function runControlLoop(options: ControlLoopOptions): () => Promise<void> {
  const { reflectors, election, controllers, logger } = options;
  const stopLeading = new AbortController();
  const stopReading = new AbortController();
  const fail = (error: Error): void => {
    if (stopReading.signal.aborted) return;
    stopReading.abort();
    stopLeading.abort();
    options.failed(error);
  };
  const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
  const reading = reflectors.map((reflector) =>
    reflector.run(stopReading.signal).catch((error) => fail(asError(error))),
  );
  const lead = async (leadership: Leadership): Promise<void> => {
    await Promise.all(controllers(leadership).map((controller) => controller.run(leadership.signal)));
  };
  const leading = election.run(stopLeading.signal, lead).then(
    (end) => {
      if (end === 'lost') fail(new Error('the lead was lost to another replica, or the API server is away'));
      else if (!stopLeading.signal.aborted) fail(new Error('the controllers ended by themselves'));
    },
    (error) => fail(asError(error)),
  );
  return async () => {
    stopLeading.abort();
    await leading;
    stopReading.abort();
    await Promise.all(reading);
    logger.debug('the control loop has ended');
  };
}
