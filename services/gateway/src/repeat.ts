import type { Clock, Logger } from '@verdict/process';
import { DatabaseUnavailable } from '@verdict/storage';
import { StreamUnavailable } from '@verdict/streams';

/** Something that is done again and again. */
export interface Repetition {
  /** Does it once more right away (after the one under way) instead of waiting. */
  nudge(): void;
  /** Ends it; resolves when the one under way has ended. */
  stop(): Promise<void>;
}

/**
 * Does `work` every `everyMs`, never twice at a time. When the database or the hub is away it warns and tries again
 * after the usual wait; any other error is a bug and goes to `crash`.
 */
export function repeat(
  work: () => Promise<void>,
  options: { name: string; everyMs: number; clock: Clock; logger: Logger; crash: (error: unknown) => void },
): Repetition {
  const { name, everyMs, clock, logger, crash } = options;
  const stopped = new AbortController();
  let waiting = new AbortController();
  let nudged = false;
  const run = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      nudged = false;
      let failed = false;
      try {
        await work();
      } catch (error) {
        if (!(error instanceof DatabaseUnavailable || error instanceof StreamUnavailable)) {
          crash(error);
          return;
        }
        failed = true;
        logger.warn({ err: error }, `${name} failed; trying again`);
      }
      if (stopped.signal.aborted || (nudged && !failed)) continue;
      waiting = new AbortController();
      // Being woken early is all that the signals are for.
      await clock.sleep(everyMs, AbortSignal.any([stopped.signal, waiting.signal])).catch(() => {});
    }
  };
  const ended = run();
  return {
    nudge() {
      nudged = true;
      waiting.abort();
    },
    async stop() {
      stopped.abort();
      await ended;
    },
  };
}
