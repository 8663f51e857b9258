import { hostname } from 'node:os';
import { runProcess, startTracing } from '@verdict/process';
import { azureIdentity, databaseAddress, openBlobs, openDatabase, openStores } from '@verdict/storage';
import { readTrainConfig } from '../config.ts';
import { openArtefactKeys } from '../sign/open-artefact-keys.ts';
import { runTraining, TrainingFailed } from './run-training.ts';
import { inTrainingSpan } from './training-span.ts';

/** Exit code of a training whose result was refused: no use to try it again. */
const refusedExitCode = 3;
/** Exit code of a training that failed at its last attempt and recorded so: no use to try it again, either. */
const failedExitCode = 4;

/** `retrainer train`: a job that ends by itself, with the exit codes that `--help` names. */
export function runTrainProcess(): void {
  const config = readTrainConfig();
  runProcess('retrainer-train', async ({ logger, clock, signal, requestStop, crash }) => {
    const keys = await openArtefactKeys(config);
    const tracing = await startTracing({ serviceName: 'verdict-training', instance: hostname(), logger });
    const identity = azureIdentity();
    const database = openDatabase({
      ...databaseAddress(config, identity),
      poolSize: 2,
      applicationName: 'retrainer-train',
      onIdleError: (error) => logger.warn({ reason: error.message }, 'an idle database connection broke'),
    });
    const { registry, plans, rollouts, history, series, labels, versions } = openStores(database);
    const blobs = await openBlobs(config.VERDICT_BLOBS_URL, identity);
    const order = {
      namespace: config.VERDICT_NAMESPACE,
      model: config.VERDICT_MODEL,
      triggerId: config.VERDICT_TRIGGER_ID,
      attempt: config.VERDICT_ATTEMPT + config.VERDICT_FAILED_ATTEMPTS,
      mostAttempts: config.VERDICT_MOST_ATTEMPTS,
    };
    const parts = {
      registry,
      plans,
      rollouts,
      history,
      series,
      labels,
      versions,
      blobs,
      ...keys,
      clock,
      logger,
      signal,
    };
    const job = inTrainingSpan(tracing, order, () => runTraining(parts, order));
    job.then(
      (outcome) => {
        logger.info(outcome, 'training ended');
        requestStop(outcome.state === 'refused' ? refusedExitCode : 0);
      },
      (error: unknown) => {
        if (error instanceof TrainingFailed) {
          logger.error({ err: error.cause }, `training failed for good: ${error.message}`);
          requestStop(failedExitCode);
        } else if (signal.aborted) requestStop(1);
        else crash(error);
      },
    );
    return async () => {
      const answered = await job.then(
        () => true,
        (error: unknown) => error instanceof TrainingFailed,
      );
      await tracing.close();
      await database.close();
      // Whoever runs the job must not take a clean stop half-way for an answer to the trigger.
      if (!answered) process.exit(1);
    };
  });
}
