import type { V1Deployment, V1TopologySpreadConstraint } from '@kubernetes/client-node';
import type { DetectorPoolSpec } from '@verdict/contracts';
import type { Wire } from '../kube/wire.ts';
import { type Child, childMeta, placeOf } from './child.ts';
import { deploymentName } from './child-names.ts';
import type { DetectorPoolObject } from './custom-objects.ts';
import { poolSelector, versionLabels, versionSelector } from './labels.ts';
import type { PlatformSettings } from './platform-settings.ts';
import { identityLabels, podSpec, tokenFile } from './pod-template.ts';
import { fieldVariable, secretVariable, variable } from './pod-variables.ts';

/** Port on which detectors answer: health, metrics, `POST /update`. */
export const detectorPort = 8080;

/** Beyond the time to drain: for the process to end, and to be cut off by itself before it is killed. */
const graceSeconds = 5;
/** A Deployment is told to be stuck no sooner than this: images are pulled and nodes are added meanwhile. */
const leastProgressSeconds = 120;

/** The detectors of one version of a pool. */
export interface DetectorDeployment {
  readonly owner: DetectorPoolObject;
  readonly spec: DetectorPoolSpec;
  /** The version that they are pinned to. */
  readonly version: number;
  /**
   * How many; null leaves the field out, for whoever else writes it. An autoscaler writes the pool's replicas, not
   * these, and a field that was applied once falls back to 1 when it is left out later.
   */
  readonly replicas: number | null;
  readonly settings: PlatformSettings;
}

/** The Deployment of one version of a pool, as it is to be applied. */
export function detectorDeployment(given: DetectorDeployment): Child<V1Deployment> {
  const { owner, spec, version, replicas } = given;
  const { name } = placeOf(owner);
  const labels = versionLabels(name, spec.model, version);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: childMeta(owner, deploymentName(name, version), labels),
    spec: {
      ...(replicas === null ? {} : { replicas }),
      selector: { matchLabels: versionSelector(name, version) },
      // The new detector takes its partitions over while the old one still scores the rest.
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      revisionHistoryLimit: 2,
      progressDeadlineSeconds: Math.max(leastProgressSeconds, spec.rollout.analysis.progressDeadlineSeconds),
      template: {
        metadata: { labels: { ...labels, ...identityLabels(given.settings) } },
        spec: detectorPod(given),
      },
    },
  };
}

function detectorPod({ owner, spec, version, settings }: DetectorDeployment) {
  const { name, namespace } = placeOf(owner);
  return {
    ...podSpec(settings, {
      container: {
        name: 'detector',
        image: settings.images.detector,
        ports: [{ name: 'http', containerPort: detectorPort, protocol: 'TCP' }],
        // Version and state are loaded after the start: two minutes for that, then it must answer.
        startupProbe: {
          httpGet: httpGet('/healthz'),
          periodSeconds: 2,
          timeoutSeconds: 2,
          failureThreshold: 60,
        },
        livenessProbe: {
          httpGet: httpGet('/healthz'),
          periodSeconds: 10,
          timeoutSeconds: 5,
          failureThreshold: 3,
        },
        readinessProbe: {
          httpGet: httpGet('/readyz'),
          periodSeconds: 5,
          timeoutSeconds: 5,
          failureThreshold: 3,
        },
      },
      environment: [
        'namespace' in settings.eventHubs
          ? variable('VERDICT_EVENT_HUBS_NAMESPACE', settings.eventHubs.namespace)
          : secretVariable('VERDICT_EVENT_HUBS_CONNECTION_STRING', settings.eventHubs.connectionString),
        variable('VERDICT_DATA_HUB', settings.eventHubs.dataHub),
        variable('VERDICT_GATEWAY_URL', settings.gatewayUrl),
        variable('VERDICT_SERVICE_TOKEN_FILE', tokenFile),
        variable('VERDICT_HOST', '0.0.0.0'),
        variable('VERDICT_PORT', detectorPort),
        fieldVariable('VERDICT_ADVERTISED_HOST', 'status.podIP'),
        variable('VERDICT_NAMESPACE', namespace),
        variable('VERDICT_POOL', name),
        variable('VERDICT_PINNED_VERSION', version),
        variable('VERDICT_DRAIN_SECONDS', spec.drainSeconds),
      ],
      resources: spec.resources,
      serviceAccount: settings.serviceAccounts.detector,
      identity: 'detector',
      placement: settings.placement.detector,
      temporaryFiles: '64Mi',
      gatewayToken: true,
      publishes: false,
      traced: {
        service: 'verdict-detector',
        namespace,
        attributes: { 'verdict.pool': name, 'verdict.model': spec.model, 'verdict.version': version },
      },
    }),
    topologySpreadConstraints: spreadConstraints(name, spec),
    // No preStop hook: nobody sends a detector requests through a Service that would have to learn of its end first,
    // and every second of waiting would be one less to hand partitions over in.
    terminationGracePeriodSeconds: spec.drainSeconds + graceSeconds,
  };
}

function httpGet(path: string) {
  return { path, port: 'http', scheme: 'HTTP' };
}

/** Over all versions of the pool: in a canary, too, a zone that fails takes its share of the partitions, no more. */
function spreadConstraints(pool: string, { spread }: DetectorPoolSpec): Wire<V1TopologySpreadConstraint>[] {
  const { topologyKeys, maxSkew, whenUnsatisfiable } = spread;
  return topologyKeys.map((topologyKey) => ({
    maxSkew,
    topologyKey,
    whenUnsatisfiable,
    labelSelector: { matchLabels: poolSelector(pool) },
  }));
}
