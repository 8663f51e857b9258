import type { Clock, Logger } from '@verdict/process';
import type { ObjectCache } from '../../control-loop/informer.ts';
import type { EventRecorder } from '../../kube/event-recorder.ts';
import type { KubeClient } from '../../kube/kube-client.ts';
import type { ModelPlatform, PlatformReader } from '../../platform/platform.ts';
import type { AnomalyModelObject, DetectorPoolObject } from '../../resources/custom-objects.ts';
import type { PlatformSettings } from '../../resources/platform-settings.ts';
import type { TrainingJobObject } from './model-facts.ts';
import type { TrainingPod } from './pod-end.ts';

/** What the controller of models is made of. */
export interface ModelControllerParts {
  /** Its writes are to end with the leadership. */
  readonly client: KubeClient;
  readonly platform: PlatformReader & ModelPlatform;
  readonly models: ObjectCache<AnomalyModelObject>;
  readonly pools: ObjectCache<DetectorPoolObject>;
  /** All that are trainings. */
  readonly jobs: ObjectCache<TrainingJobObject>;
  /** Those of the jobs. */
  readonly trainingPods: ObjectCache<TrainingPod>;
  readonly settings: PlatformSettings;
  readonly events: EventRecorder;
  readonly clock: Clock;
  readonly logger: Logger;
}
