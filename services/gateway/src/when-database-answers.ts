import { backOff, type Clock, type Logger } from '@verdict/process';
import { DatabaseUnavailable } from '@verdict/storage';

const giveUpAfterMs = 60_000;

/**
 * Runs something that needs the database, and again while the database cannot be reached, for at most a minute: a
 * database may start later than the gateway.
 */
export async function whenDatabaseAnswers<T>(
  work: () => Promise<T>,
  tools: { clock: Clock; logger: Logger; signal: AbortSignal },
): Promise<T> {
  const { clock, logger, signal } = tools;
  const waits = backOff({ firstMs: 250, maxMs: 5000 });
  const deadlineMs = clock.monotonicMs() + giveUpAfterMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable) || clock.monotonicMs() > deadlineMs) throw error;
      logger.warn({ reason: error.message }, 'waiting for the database');
    }
    await clock.sleep(waits.nextMs(), signal);
  }
}
