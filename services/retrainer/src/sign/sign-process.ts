import { runProcess, StartError } from '@verdict/process';
import { azureIdentity, databaseAddress, openBlobs, openDatabase, openStores } from '@verdict/storage';
import { readSignConfig } from '../config.ts';
import { openArtefactKeys } from './open-artefact-keys.ts';
import { signVersions } from './sign-versions.ts';

/** Exit code when something that is registered could not be signed. */
const refusedExitCode = 3;

/** `retrainer sign`: a job that ends by itself, with the exit codes that `--help` names. */
export function runSignProcess(): void {
  const config = readSignConfig();
  runProcess('retrainer-sign', async ({ logger, requestStop, crash }) => {
    const { signer } = await openArtefactKeys(config);
    if (signer === null) throw new StartError('VERDICT_ARTEFACT_KEY_FILE: needed to sign anything');
    const identity = azureIdentity();
    const database = openDatabase({
      ...databaseAddress(config, identity),
      poolSize: 1,
      applicationName: 'retrainer-sign',
      onIdleError: (error) => logger.warn({ reason: error.message }, 'an idle database connection broke'),
    });
    const { registry } = openStores(database);
    const blobs = await openBlobs(config.VERDICT_BLOBS_URL, identity);
    const job = signVersions({ registry, blobs, signer, logger });
    job.then((outcome) => {
      logger.info({ ...outcome, kid: signer.kid }, 'versions signed');
      requestStop(outcome.refused > 0 ? refusedExitCode : 0);
    }, crash);
    return async () => {
      // A signature that is half-way there is only missing: the next start makes it.
      await database.close();
    };
  });
}
