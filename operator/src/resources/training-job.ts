import type { V1Job } from '@kubernetes/client-node';
import { type AnomalyModelSpec, durationMs } from '@verdict/contracts';
import { type Child, childMeta, placeOf } from './child.ts';
import { trainingJobName } from './child-names.ts';
import type { AnomalyModelObject } from './custom-objects.ts';
import { annotation, trainingLabels } from './labels.ts';
import type { PlatformSettings } from './platform-settings.ts';
import { identityLabels, podSpec } from './pod-template.ts';
import { fieldVariable, variable } from './pod-variables.ts';
import { discreet } from './status-fields.ts';

const containerName = 'train';
/** Exit codes by which a training says that trying again is of no use: refused; failed, and that is recorded. */
const finalExitCodes = { refused: 3, failed: 4 };
/** How long a training that is to stop has to leave its record as it is. */
const graceSeconds = 15;

/** One training of a model. */
export interface TrainingJob {
  readonly owner: AnomalyModelObject;
  readonly spec: AnomalyModelSpec;
  readonly trigger: { readonly triggerId: string /** In words. */; readonly reason: string };
  readonly settings: PlatformSettings;
}

/**
 * The one Job of a trigger; to be created, never applied: a Job that is there already is the answer.
 *
 * Attempts are pods of this Job, not Jobs of their own: then "exactly one Job per trigger" is a matter of its name
 * alone, the job controller does the waiting in between (10 s, doubled each time), and an operator that dies loses no
 * count. The Job is an indexed one with a single index, because only these tell a pod how often it was tried before
 * (an annotation). One pod more than there are attempts may start: where the last attempt was killed before it could
 * say a word, that pod records the failure and trains nothing. Pods that are evicted or preempted count for nothing.
 */
export function trainingJob({ owner, spec, trigger, settings }: TrainingJob): Child<V1Job> {
  const { name, namespace } = placeOf(owner);
  const { retries, resources, timeout, ttlSecondsAfterFinished } = spec.training;
  const labels = trainingLabels(name);
  const attempts = retries + 1;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: childMeta(owner, trainingJobName(name, trigger.triggerId), labels, {
      [annotation.trigger]: trigger.triggerId,
      [annotation.triggerReason]: discreet(trigger.reason, 1024),
    }),
    spec: {
      completionMode: 'Indexed',
      completions: 1,
      parallelism: 1,
      backoffLimitPerIndex: attempts,
      activeDeadlineSeconds: durationMs(timeout) / 1000,
      ttlSecondsAfterFinished,
      // The next attempt starts when the one before is over for good: two would write the same version.
      podReplacementPolicy: 'Failed',
      podFailurePolicy: {
        rules: [
          { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
          {
            action: 'FailJob',
            onExitCodes: { containerName, operator: 'In', values: Object.values(finalExitCodes) },
          },
        ],
      },
      template: {
        metadata: { labels: { ...labels, ...identityLabels(settings) } },
        spec: {
          ...podSpec(settings, {
            container: { name: containerName, image: settings.images.retrainer, args: ['train'] },
            environment: [
              variable('VERDICT_NAMESPACE', namespace),
              variable('VERDICT_MODEL', name),
              variable('VERDICT_TRIGGER_ID', trigger.triggerId),
              variable('VERDICT_MOST_ATTEMPTS', attempts),
              fieldVariable(
                'VERDICT_FAILED_ATTEMPTS',
                "metadata.annotations['batch.kubernetes.io/job-index-failure-count']",
              ),
            ],
            resources,
            serviceAccount: settings.serviceAccounts.retrainer,
            identity: 'training',
            placement: settings.placement.training,
            temporaryFiles: '512Mi',
            gatewayToken: false,
            publishes: true,
            traced: { service: 'verdict-training', namespace, attributes: { 'verdict.model': name } },
          }),
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: graceSeconds,
        },
      },
    },
  };
}
