import type { Clock, Logger, Registry } from '@verdict/process';
import type { IndexFunction, Informer } from './control-loop/informer.ts';
import { Reflector } from './control-loop/reflector.ts';
import { createReflectorMetrics } from './control-loop/reflector-metrics.ts';
import { trimPod } from './controllers/detector-pool/detector-pods.ts';
import { podIndexes, poolIndexes } from './controllers/detector-pool/detector-pool-controller.ts';
import { joinedInformer } from './joined-informer.ts';
import type { KubeReader } from './kube/kube-client.ts';
import type { KubeObject } from './kube/kube-object.ts';
import type { ResourceKind } from './kube/resource-kind.ts';
import {
  deployments,
  disruptionBudgets,
  horizontalAutoscalers,
  jobs,
  pods,
  services,
} from './resources/child-kinds.ts';
import { anomalyModels, detectorPools } from './resources/custom-objects.ts';

export interface WatchedClusterOptions {
  readonly client: KubeReader;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
  /** Namespaces that are looked into; none = all of the cluster. */
  readonly namespaces: readonly string[];
}

/** Labels by which our own objects are found. */
const ofDetectors = 'app.kubernetes.io/name=verdict-detector';
const ofTrainings = 'app.kubernetes.io/name=verdict-training';

/** How one kind is watched. */
interface Watched<T extends KubeObject> {
  readonly labelSelector?: string;
  readonly indexes?: Readonly<Record<string, IndexFunction<T>>>;
  readonly trim?: (object: T) => T;
}

/** Everything that the operator looks at in the cluster: one informer for each kind. */
export function watchedCluster({ client, clock, logger, registry, namespaces }: WatchedClusterOptions) {
  const metrics = createReflectorMetrics(registry);
  const reflectors: { run(signal: AbortSignal): Promise<void>; state(): object }[] = [];
  const inform = <T extends KubeObject>(kind: ResourceKind<T>, watched: Watched<T> = {}): Informer<T> => {
    const reflect = (namespace: string | undefined, name: string): Informer<T> => {
      const reflector = new Reflector<T>({
        client,
        kind,
        clock,
        logger,
        namespace,
        metrics: metrics(name),
        ...watched,
      });
      reflectors.push(reflector);
      return reflector;
    };
    const [first] = namespaces;
    if (first === undefined) return reflect(undefined, kind.kind);
    if (namespaces.length === 1) return reflect(first, kind.kind);
    return joinedInformer(
      kind,
      new Map(namespaces.map((namespace) => [namespace, reflect(namespace, `${kind.kind}/${namespace}`)])),
    );
  };
  const informers = {
    models: inform(anomalyModels),
    pools: inform(detectorPools, { indexes: poolIndexes }),
    deployments: inform(deployments, { labelSelector: ofDetectors }),
    services: inform(services, { labelSelector: ofDetectors }),
    budgets: inform(disruptionBudgets, { labelSelector: ofDetectors }),
    autoscalers: inform(horizontalAutoscalers, { labelSelector: ofDetectors }),
    pods: inform(pods, { labelSelector: ofDetectors, indexes: podIndexes, trim: trimPod }),
    jobs: inform(jobs, { labelSelector: ofTrainings }),
    trainingPods: inform(pods, { labelSelector: ofTrainings }),
  };
  return {
    informers,
    /** Watches until the signal is aborted. Rejects only for a bug. */
    run: async (signal: AbortSignal): Promise<void> => {
      await Promise.all(reflectors.map((one) => one.run(signal)));
    },
    hasSynced: () => Object.values(informers).every((one) => one.hasSynced()),
    state: () => reflectors.map((one) => one.state()),
  };
}
