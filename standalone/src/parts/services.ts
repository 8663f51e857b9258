import path from 'node:path';
import type { DetectorPoolResource, Resource } from '@verdict/contracts';
import type { TrainingAttempt } from '../conductor/training-queue.ts';
import { checkout } from '../config.ts';
import { givenToGateway } from '../gateway-settings.ts';
import type { ChildSpec } from '../supervisor/child.ts';
import {
  gatewayUrl,
  hubsKeyName,
  loginEnvironment,
  type Settings,
  script,
  serviceEnvironment,
} from './settings.ts';

/** The embedded event hubs, with a consumer group for each pool. */
export function hubs(settings: Settings, resources: readonly Resource[]): ChildSpec {
  const groups = resources.flatMap((resource) =>
    resource.kind === 'DetectorPool' ? [resource.spec.consumerGroup] : [],
  );
  return {
    name: 'event-hubs',
    script: script('packages/event-hubs-emulator/src/main.ts'),
    env: {
      VERDICT_EMULATOR_HOST: '127.0.0.1',
      VERDICT_EMULATOR_PORT: String(settings.ports.hubs),
      VERDICT_EMULATOR_DATA: settings.folders.hubs,
      VERDICT_EMULATOR_HUBS: `data:${settings.config.VERDICT_DATA_PARTITIONS},feedback:4`,
      VERDICT_EMULATOR_CONSUMER_GROUPS: [...new Set([...groups, 'retrainer'])].join(','),
      VERDICT_EMULATOR_KEY_NAME: hubsKeyName,
      VERDICT_EMULATOR_KEY_FILE: settings.secrets.hubsKeyFile,
      VERDICT_LOG_LEVEL: settings.config.VERDICT_LOG_LEVEL,
    },
  };
}

export function gateway(settings: Settings): ChildSpec {
  const doorRules = settings.config.VERDICT_DOOR_RULES_FILE;
  return {
    name: 'gateway',
    script: script('services/gateway/src/main.ts'),
    env: {
      ...serviceEnvironment(settings),
      VERDICT_HOST: settings.config.VERDICT_HOST,
      VERDICT_PORT: String(settings.config.VERDICT_PORT),
      VERDICT_ALLOWED_HOSTS: settings.config.VERDICT_ALLOWED_HOSTS,
      VERDICT_PUBLIC_URL: settings.config.VERDICT_PUBLIC_URL ?? gatewayUrl(settings),
      VERDICT_WEBHOOK_ALLOW: settings.config.VERDICT_WEBHOOK_ALLOW,
      VERDICT_SIGNING_KEY_FILE: settings.secrets.signingKeyFile,
      VERDICT_BOOTSTRAP_USERS_FILE: settings.secrets.usersFile,
      VERDICT_DASHBOARD_DIR: path.join(checkout, 'dashboard/dist'),
      ...(doorRules === undefined ? {} : { VERDICT_DOOR_RULES_FILE: doorRules }),
      ...givenToGateway(settings.config),
    },
  };
}

/** One detector of a pool; `index` counts from 0. */
export function detector(settings: Settings, pool: DetectorPoolResource, index: number): ChildSpec {
  return {
    name: `detector-${pool.metadata.name}-${index}`,
    script: script('services/detector/src/main.ts'),
    env: {
      ...serviceEnvironment(settings),
      ...loginEnvironment(settings, 'detector'),
      VERDICT_ARTEFACT_JWKS_FILE: settings.secrets.artefactJwksFile,
      VERDICT_NAMESPACE: pool.metadata.namespace,
      VERDICT_POOL: pool.metadata.name,
    },
  };
}

export function feedback(settings: Settings): ChildSpec {
  return {
    name: 'retrainer-feedback',
    script: script('services/retrainer/src/main.ts'),
    args: ['feedback'],
    env: { ...serviceEnvironment(settings), ...loginEnvironment(settings, 'retrainer') },
  };
}

/** One attempt of a training, as a job. */
export function trainingJob(settings: Settings, job: TrainingAttempt): ChildSpec {
  return {
    name: `train-${job.model}`,
    script: script('services/retrainer/src/main.ts'),
    args: ['train'],
    env: {
      ...serviceEnvironment(settings),
      ...loginEnvironment(settings, 'retrainer'),
      ...artefactEnvironment(settings),
      VERDICT_NAMESPACE: job.namespace,
      VERDICT_MODEL: job.model,
      VERDICT_TRIGGER_ID: job.triggerId,
      VERDICT_ATTEMPT: String(job.attempt),
      VERDICT_MOST_ATTEMPTS: String(job.mostAttempts),
    },
  };
}

/** Signs the versions that are there, as a job. */
export function signVersions(settings: Settings): ChildSpec {
  return {
    name: 'sign-versions',
    script: script('services/retrainer/src/main.ts'),
    args: ['sign'],
    env: { ...serviceEnvironment(settings), ...artefactEnvironment(settings) },
  };
}

/** Who publishes signs, and believes what is signed so. */
function artefactEnvironment({ secrets }: Settings): Record<string, string> {
  return {
    VERDICT_ARTEFACT_KEY_FILE: secrets.artefactKeyFile,
    VERDICT_ARTEFACT_JWKS_FILE: secrets.artefactJwksFile,
  };
}

/** The metrics of this computer and the demonstration shop, as far as they are wanted. */
export function producers(settings: Settings): ChildSpec[] {
  const env = {
    VERDICT_URL: gatewayUrl(settings),
    VERDICT_USER: 'producer',
    VERDICT_PASSWORD_FILE: settings.secrets.passwordFile('producer'),
    VERDICT_LOG_LEVEL: settings.config.VERDICT_LOG_LEVEL,
  };
  const cli = script('cli/src/main.ts');
  const wanted: ChildSpec[] = [];
  if (settings.config.VERDICT_HOST_METRICS === 'on')
    wanted.push({ name: 'host-metrics', script: cli, args: ['host-metrics'], env });
  if (settings.config.VERDICT_DEMO === 'on')
    wanted.push({ name: 'shop', script: cli, args: ['generate', '--resume', '--backfill', '30m'], env });
  return wanted;
}
