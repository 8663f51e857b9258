import type { Clock } from './clock.ts';
import { systemClock } from './clock.ts';
import { onEndSignal } from './end-signals.ts';
import { createLogger, type Logger } from './logger.ts';
import { ConfigError, configExitCode } from './read-config.ts';
import { StartError } from './start-error.ts';

/** What a process gets to live with. */
export interface ProcessContext {
  readonly logger: Logger;
  readonly clock: Clock;
  /** Aborted when the stop begins; a slow start should give up then. */
  readonly signal: AbortSignal;
  /** Begins a clean stop from inside (a job that is done); the process ends with `exitCode`. */
  requestStop(exitCode?: number): void;
  /** Ends the process at once with one log line and code 1: for bugs in background loops. */
  crash(error: unknown): void;
}

/** How long a clean stop may take, unless a process says otherwise. */
export const stopDeadlineMs = 8000;

/**
 * Runs a process. `start` builds everything and resolves with the function that stops it.
 *
 * Life: starting → running → stopping → ended. The first SIGTERM or SIGINT (or the end of the parent's IPC
 * channel) begins the stop: `stop()` has 8 s (`stopMs`), then the process exits with code 1. A second signal exits at once
 * (128 + its number). Exit codes: 0 clean, 1 crash or stop too slow, 2 configuration. Uncaught errors end the
 * process with one log line. `logLevel` is for a process that talks to people on the same stream.
 */
export function runProcess(
  name: string,
  start: (context: ProcessContext) => Promise<() => Promise<void>>,
  options: { logLevel?: string; stopMs?: number } = {},
): void {
  const { stopMs = stopDeadlineMs } = options;
  const logger = createLogger({ name, level: options.logLevel });
  const stopping = new AbortController();

  const crash = (error: unknown): void => {
    if (error instanceof ConfigError) {
      process.stderr.write(`${error.message}\n`);
      process.exit(configExitCode);
    }
    if (error instanceof StartError) logger.fatal(error.message);
    else logger.fatal({ err: error }, 'ended by an unexpected error');
    process.exit(1);
  };

  const stop = async (exitCode: number): Promise<void> => {
    stopping.abort();
    const deadline = setTimeout(() => {
      logger.fatal(`did not stop within ${stopMs} ms`);
      process.exit(1);
    }, stopMs);
    deadline.unref();
    let stopAll: () => Promise<void>;
    try {
      stopAll = await started;
    } catch (error) {
      // A start that gave up because it was asked to stop is a clean end.
      if (stopping.signal.aborted) process.exit(exitCode);
      throw error;
    }
    await stopAll();
    logger.info('stopped');
    process.exit(exitCode);
  };

  const requestStop = (exitCode = 0): void => {
    if (!stopping.signal.aborted) stop(exitCode).catch(crash);
  };

  onEndSignal((signal, exitCode) => {
    if (stopping.signal.aborted) process.exit(exitCode);
    logger.info({ signal }, 'stopping');
    requestStop();
  });
  const orphaned = (): void => {
    logger.info('stopping: the parent process is gone');
    requestStop();
  };
  process.on('disconnect', orphaned);
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);

  const started = start({ logger, clock: systemClock, signal: stopping.signal, requestStop, crash });
  started.catch((error) => {
    if (!stopping.signal.aborted) crash(error);
  });
  // A parent that died while this process was still loading: the event is over, only its trace is left.
  if (process.send !== undefined && !process.connected) orphaned();
}
