import type { DetectorPoolResource } from '@verdict/contracts';
import type { TrainingAttempt } from '../conductor/training-queue.ts';
import { script } from '../parts/settings.ts';
import type { ChildSpec } from '../supervisor/child.ts';
import type { WorkersConfig } from './config.ts';

/** How Azure tells a process of its identity, by App Service and by workload identity. */
const azure = ['AZURE_', 'IDENTITY_', 'MSI_', 'NODE_EXTRA_CA_CERTS'];

/** What every part is told as we were told it; each listens on a free port of this machine alone. */
const shared = [
  'VERDICT_DATABASE_URL',
  'VERDICT_DATABASE_AUTH',
  'VERDICT_EVENT_HUBS_NAMESPACE',
  'VERDICT_EVENT_HUBS_CONNECTION_STRING',
  'VERDICT_DATA_HUB',
  'VERDICT_FEEDBACK_HUB',
  'VERDICT_FEEDBACK_CONSUMER_GROUP',
  'VERDICT_BLOBS_URL',
  'VERDICT_GATEWAY_URL',
  'VERDICT_SERVICE_USER',
  'VERDICT_ARTEFACT_JWKS_FILE',
  'VERDICT_LOG_LEVEL',
] as const;

/** The parts of `workers`; the password is in a file. */
export function workerSpecs(config: WorkersConfig, passwordFile: string) {
  const given = shared.flatMap((name) => {
    const value = config[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const env: Record<string, string> = {
    ...Object.fromEntries(given),
    VERDICT_SERVICE_PASSWORD_FILE: passwordFile,
    VERDICT_HOST: '127.0.0.1',
  };
  const retrainer = script('services/retrainer/src/main.ts');
  const key = config.VERDICT_ARTEFACT_KEY_FILE;
  return {
    /** One detector of a pool; `index` counts from 0. */
    detector: ({ metadata }: DetectorPoolResource, index: number): ChildSpec => ({
      name: `detector-${metadata.name}-${index}`,
      script: script('services/detector/src/main.ts'),
      env: { ...env, VERDICT_NAMESPACE: metadata.namespace, VERDICT_POOL: metadata.name },
      inherits: azure,
    }),
    feedback: (): ChildSpec => ({
      name: 'retrainer-feedback',
      script: retrainer,
      args: ['feedback'],
      env,
      inherits: azure,
    }),
    /** One attempt of a training, as a job. */
    training: (job: TrainingAttempt): ChildSpec => ({
      name: `train-${job.model}`,
      script: retrainer,
      args: ['train'],
      env: {
        ...env,
        ...(key !== undefined && { VERDICT_ARTEFACT_KEY_FILE: key }),
        VERDICT_NAMESPACE: job.namespace,
        VERDICT_MODEL: job.model,
        VERDICT_TRIGGER_ID: job.triggerId,
        VERDICT_ATTEMPT: String(job.attempt),
        VERDICT_MOST_ATTEMPTS: String(job.mostAttempts),
      },
      inherits: azure,
    }),
  };
}
