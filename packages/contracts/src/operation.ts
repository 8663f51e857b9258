import { z } from 'zod';
import { Resources } from './quantity.ts';

/**
 * How a pool's detectors are run on Kubernetes. One machine (standalone) reads the same manifests and ignores all of
 * this: it runs `replicas` processes and stops them at once.
 */

/** Who changes the number of detectors, by what, and between which bounds. */
export const AutoscalingSpec = z
  .strictObject({
    /** `keda`: by the events that wait (a ScaledObject, where KEDA is installed). `hpa`: by the cpu in use. */
    driver: z.enum(['keda', 'hpa']),
    /** Never fewer detectors than this. */
    minReplicas: z.int().min(1).max(64).default(1),
    /** Never more than this; absent, or above it = the number of partitions. */
    maxReplicas: z.int().min(1).max(64).optional(),
    /** `keda`: so many waiting events are one detector's share. An event holds up to some thousand readings. */
    lagEventsPerReplica: z.int().min(1).max(1_000_000).default(100),
    /** `hpa`: cpu in use, in per cent of what a detector requests, that is aimed at. */
    cpuPercent: z.int().min(1).max(100).default(70),
    /** Fewer detectors would have to be enough for so long before any is taken away. */
    scaleDownSeconds: z.int().min(0).max(3600).default(300),
  })
  .refine(
    ({ minReplicas, maxReplicas }) => maxReplicas === undefined || minReplicas <= maxReplicas,
    'minReplicas must not be above maxReplicas',
  );
export type AutoscalingSpec = z.output<typeof AutoscalingSpec>;

/** How detectors are spread over the cluster. */
export const SpreadSpec = z.strictObject({
  /** Labels of nodes, each value of which is one place: detectors of a pool are spread over the places. */
  topologyKeys: z
    .array(
      z
        .string()
        .min(1)
        .max(253)
        .regex(
          /^[A-Za-z0-9]([A-Za-z0-9._/-]*[A-Za-z0-9])?$/,
          'a label of nodes, such as kubernetes.io/hostname',
        ),
    )
    .max(4)
    .refine((keys) => new Set(keys).size === keys.length, 'topologyKeys must not name one twice')
    .default(['topology.kubernetes.io/zone', 'kubernetes.io/hostname']),
  /** So many more detectors than the emptiest place may be in another one. */
  maxSkew: z.int().min(1).max(10).default(1),
  /** What happens where that cannot be had: the detector is placed all the same, or it waits. */
  whenUnsatisfiable: z.enum(['ScheduleAnyway', 'DoNotSchedule']).default('ScheduleAnyway'),
});
export type SpreadSpec = z.output<typeof SpreadSpec>;

/** What may happen to detectors when nodes are drained. */
export const DisruptionSpec = z.strictObject({
  /** So many detectors of the pool may be away at a time. Not 0: no node could be drained any more. */
  maxUnavailable: z.int().min(1).max(64).default(1),
});
export type DisruptionSpec = z.output<typeof DisruptionSpec>;

/** What a detector asks for unless the pool says otherwise. */
export const DetectorResources = Resources.default({
  requests: { cpu: '250m', memory: '512Mi' },
  limits: { memory: '1Gi' },
});

/** What a training asks for unless the model says otherwise. */
export const TrainingResources = Resources.default({
  requests: { cpu: '1', memory: '1Gi' },
  limits: { memory: '2Gi' },
});
