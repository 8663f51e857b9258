import { type BackOff, backOff, type Clock, type Logger, StartError } from '@verdict/process';

/** One run of a part: whatever can end by itself and can be stopped. */
export interface Run {
  readonly exited: Promise<number | null>;
  /** Resolves once the part is ready to serve. */
  readonly ready: Promise<unknown>;
  stop(graceMs: number): Promise<void>;
  lastWords(): string;
}

/** A part that is kept alive. */
export interface Supervised {
  readonly name: string;
  /** Resolves when the first run is ready; rejects with its last words when that run ends before. */
  readonly ready: Promise<void>;
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
}): Supervised {
  const { name, start, clock, logger } = options;
  const stopping = new AbortController();
  const waits: BackOff = backOff({ firstMs: 250, maxMs: 10_000 });
  const first = Promise.withResolvers<void>();
  first.promise.catch(() => undefined);
  let present: Run | null = null;

  const live = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const startedMs = clock.monotonicMs();
      const outcome = await runOnce();
      if (stopping.signal.aborted) return;
      if (clock.monotonicMs() - startedMs > healthyMs) waits.reset();
      const waitMs = waits.nextMs();
      logger.warn({ part: name, outcome, waitMs: Math.round(waitMs) }, `${name} ended; starting it again`);
      await clock.sleep(waitMs, stopping.signal).catch(() => undefined);
    }
  };

  const runOnce = async (): Promise<string> => {
    let run: Run;
    try {
      run = await start();
    } catch (error) {
      first.reject(error);
      return error instanceof Error ? error.message : String(error);
    }
    present = run;
    if (stopping.signal.aborted) await run.stop(0);
    run.ready.then(
      () => first.resolve(),
      () => undefined,
    );
    const code = await run.exited;
    present = null;
    first.reject(new StartError(`${name} did not start: ${run.lastWords()}`));
    return `exit ${code ?? 'by signal'}: ${run.lastWords()}`;
  };

  const ended = live();
  return {
    name,
    ready: first.promise,
    async stop(graceMs) {
      stopping.abort();
      await present?.stop(graceMs);
      await ended;
    },
  };
}
