import type { Clock, Logger, Registry, Tracing } from '@verdict/process';
import type { Controller } from './control-loop/controller.ts';
import { createControllerMetrics } from './control-loop/controller-metrics.ts';
import { createQueueMetrics } from './control-loop/work-queue-metrics.ts';
import { anomalyModelController } from './controllers/anomaly-model/anomaly-model-controller.ts';
import { detectorPoolController } from './controllers/detector-pool/detector-pool-controller.ts';
import { createPoolMetrics } from './controllers/detector-pool/pool-metrics.ts';
import type { EventRecorder } from './kube/event-recorder.ts';
import type { KubeClient } from './kube/kube-client.ts';
import { tracedClient } from './kube/traced-client.ts';
import type { Platform } from './platform/platform.ts';
import { tracedPlatform } from './platform/traced-platform.ts';
import type { PlatformSettings } from './resources/platform-settings.ts';
import type { watchedCluster } from './watched-cluster.ts';

/** What the replica that leads acts with. All of it ends with its leadership. */
export interface LeadParts {
  readonly informers: ReturnType<typeof watchedCluster>['informers'];
  readonly client: KubeClient;
  readonly platform: Platform;
  readonly events: EventRecorder;
  readonly settings: PlatformSettings;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly tracing: Tracing;
}

/** Makes the metrics of all controllers, once for a process; gives what makes the controllers when it leads. */
export function controllersWith(registry: Registry): (parts: LeadParts) => Controller[] {
  const queues = createQueueMetrics(registry);
  const reconciles = createControllerMetrics(registry);
  const pools = createPoolMetrics(registry);
  return (given) => {
    const { tracing } = given;
    const client = tracedClient(given.client, tracing);
    const parts = { ...given, client, platform: tracedPlatform(given.platform, tracing) };
    return [
      anomalyModelController({
        ...parts,
        queueMetrics: queues('anomaly-model'),
        controllerMetrics: reconciles('anomaly-model'),
      }),
      detectorPoolController({
        ...parts,
        metrics: pools,
        queueMetrics: queues('detector-pool'),
        controllerMetrics: reconciles('detector-pool'),
      }),
    ];
  };
}
