import { Counter, type Logger, type Registry } from '@verdict/process';
import { DatabaseUnavailable } from '@verdict/storage';

/** Work that runs beside the recording of verdicts: it is tried again when it fails, whatever the reason. */
export type SideWork = 'memory' | 'trust' | 'history';

/**
 * Tells of every failure in the log and in `verdict_retrainer_failures_total{work}`. An error that is not a database
 * that is away must be mended by somebody, but it must not keep verdicts from being recorded meanwhile.
 */
export function failureTeller(
  logger: Logger,
  registry: Registry,
): (work: SideWork) => (error: unknown) => void {
  const failures = new Counter({
    name: 'verdict_retrainer_failures_total',
    help: 'Rounds of work beside the recording of verdicts that failed and are done again.',
    labelNames: ['work'],
    registers: [registry],
  });
  return (work) => (error) => {
    failures.inc({ work });
    if (error instanceof DatabaseUnavailable)
      logger.warn({ work, reason: error.message }, `${work} waits for the database`);
    else logger.error({ work, err: error }, `${work} failed; trying again`);
  };
}
