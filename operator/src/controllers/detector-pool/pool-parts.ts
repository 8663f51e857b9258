import type {
  V1Deployment,
  V1PodDisruptionBudget,
  V1Service,
  V2HorizontalPodAutoscaler,
} from '@kubernetes/client-node';
import type { Clock, Logger } from '@verdict/process';
import type { ObjectCache } from '../../control-loop/informer.ts';
import type { EventRecorder } from '../../kube/event-recorder.ts';
import type { KubeClient } from '../../kube/kube-client.ts';
import type { KubeObjectOf } from '../../kube/kube-object.ts';
import type { PlatformReader, PoolPlatform } from '../../platform/platform.ts';
import type { AnomalyModelObject, DetectorPoolObject } from '../../resources/custom-objects.ts';
import type { PlatformSettings } from '../../resources/platform-settings.ts';
import type { Pod } from './detector-pods.ts';
import type { PoolMetrics } from './pool-metrics.ts';

/** The index of pools by `namespace/model`. */
export const byModel = 'model';
/** The index of detectors' pods by `namespace/pool`. */
export const byPool = 'pool';

/** The caches that are looked at. */
export interface PoolCaches {
  /** With the index `byModel`. */
  readonly pools: ObjectCache<DetectorPoolObject>;
  readonly models: ObjectCache<AnomalyModelObject>;
  readonly deployments: ObjectCache<KubeObjectOf<V1Deployment>>;
  readonly services: ObjectCache<KubeObjectOf<V1Service>>;
  readonly budgets: ObjectCache<KubeObjectOf<V1PodDisruptionBudget>>;
  readonly autoscalers: ObjectCache<KubeObjectOf<V2HorizontalPodAutoscaler>>;
  /** Of detectors, with the index `byPool`. */
  readonly pods: ObjectCache<Pod>;
}

/** What reconciling pools needs. */
export interface PoolParts {
  readonly caches: PoolCaches;
  /** Writes only while this replica leads. */
  readonly client: KubeClient;
  readonly platform: PlatformReader & PoolPlatform;
  readonly settings: PlatformSettings;
  readonly events: EventRecorder;
  readonly metrics: PoolMetrics;
  readonly clock: Clock;
  readonly logger: Logger;
}
