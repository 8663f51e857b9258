import { type BackOff, backOff, type Clock, type Logger, StartError } from '@verdict/process';

/** One run of a part: whatever can end by itself and can be stopped. */
export interface Run {
  readonly exited: Promise<number | null>;
  /** Resolves once the part is ready to serve. */
  readonly ready: Promise<unknown>;
  /** Asks it to end, and forces it after `graceMs`. */
  stop(graceMs: number): Promise<void>;
  lastWords(): string;
}

/** A part that is kept alive. */
export interface Supervised {
  readonly name: string;
  /**
   * Resolves when the first run is ready; rejects with a `StartError` in its last words when that run ends before,
   * or when the part is stopped before.
   */
  readonly ready: Promise<void>;
  /** Ends the run and starts no other. A start that is under way is waited for, at most `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

/** A run that lived this long counts as healthy: the next restart is quick again. */
const healthyMs = 20_000;

/**
 * Keeps a part alive: starting → running → (ended by itself → waiting → starting)* → stopped. Waits between
 * restarts grow from 0.25 s to 10 s and shrink again after a healthy run. It never gives up: what heals by
 * itself (a hub that comes back) must not need a person.
 */
export function supervise(options: {
  name: string;
  start: () => Promise<Run>;
  clock: Clock;
  logger: Logger;
  /** Numbers in [0, 1), for the jitter of waits. */
  random?: () => number;
}): Supervised {
  const { name, start, clock, logger, random } = options;
  const stopping = new AbortController();
  const waits: BackOff = backOff({ firstMs: 250, maxMs: 10_000, ...(random && { random }) });
  const first = Promise.withResolvers<void>();
  first.promise.catch(() => undefined);
  let present: Run | null = null;
  let stopGraceMs = 0;

  const live = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const startedMs = clock.monotonicMs();
      const outcome = await runOnce();
      if (stopping.signal.aborted) return;
      if (clock.monotonicMs() - startedMs > healthyMs) waits.reset();
      const waitMs = waits.nextMs();
      logger.warn({ part: name, outcome, waitMs: Math.round(waitMs) }, `${name} ended; starting it again`);
      // Cut short by a stop: the loop's head sees it.
      await clock.sleep(waitMs, stopping.signal).catch(() => undefined);
    }
  };

  const runOnce = async (): Promise<string> => {
    let run: Run;
    try {
      run = await start();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      first.reject(error instanceof StartError ? error : new StartError(`${name} did not start: ${reason}`));
      return reason;
    }
    present = run;
    // The stop came while it was being started, and found nothing to stop yet.
    if (stopping.signal.aborted) await run.stop(stopGraceMs);
    run.ready.then(
      () => first.resolve(),
      // Its end says why.
      () => undefined,
    );
    const code = await run.exited;
    present = null;
    const words = run.lastWords() || 'it said nothing';
    first.reject(new StartError(`${name} did not start: ${words}`));
    return `exit ${code ?? 'by signal'}: ${words}`;
  };

  const ended = live();
  return {
    name,
    ready: first.promise,
    async stop(graceMs) {
      stopGraceMs = graceMs;
      stopping.abort();
      first.reject(new StartError(`${name} was stopped before it was ready`));
      if (present) {
        await present.stop(graceMs);
        return ended;
      }
      const late = new AbortController();
      await Promise.race([ended, clock.sleep(graceMs, late.signal).catch(() => undefined)]);
      late.abort();
    },
  };
}
