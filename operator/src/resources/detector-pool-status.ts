import { z } from 'zod';
import { Condition } from './condition.ts';
import { count, Time, text, versionNumber } from './status-fields.ts';

/** `status.rollout` of a DetectorPool. */
const RolloutStatus = z.strictObject({
  phase: z.enum(['idle', 'shadow', 'step', 'done', 'aborted']),
  /** The phase in words, such as `v4 step 2 of 3 (4/8)`. */
  text: text(100),
  champion: count.optional(),
  candidate: versionNumber.optional(),
  /** From 1. */
  step: z.int().min(1).optional(),
  steps: z.int().min(1).optional(),
  /** Start of the phase, moved on by the length of pauses. */
  phaseSince: Time.optional(),
  paused: z.enum(['command', 'spec']).optional(),
  failures: count.optional(),
  /** Newest last. */
  analyses: z
    .array(z.strictObject({ at: Time, passed: z.boolean(), reasons: z.array(text(512)).max(10).optional() }))
    .max(10)
    .optional(),
  /** Versions that were taken back, ascending: the newest 50. */
  aborted: z.array(versionNumber).max(50).optional(),
  lastAbort: z
    .strictObject({ version: versionNumber, at: Time, reason: text(2048), asked: z.boolean().optional() })
    .optional(),
});

/**
 * `status` of a DetectorPool: the one place that says what the operator writes there. The CRD bounds every field
 * alike (a test compares the two): what would be longer is cut before it is written.
 */
export const DetectorPoolStatus = z.strictObject({
  /** The generation that this status is about. */
  observedGeneration: count.optional(),
  conditions: z.array(Condition).max(16).optional(),
  /** Detectors that exist, over all versions; with `selector` what the scale subresource shows. */
  replicas: count.optional(),
  readyReplicas: count.optional(),
  /** Labels of the pool's pods as a string, for autoscalers. */
  selector: text(512).optional(),
  /** Ready of wanted, such as `2/3`. */
  detectorsText: text(50).optional(),
  /** The version that serves (of most partitions); 0 = built in. */
  activeVersion: count.optional(),
  planRevision: count.optional(),
  /** Partitions of the data hub, as far as they are known. */
  partitions: count.optional(),
  /** Partitions by the version that serves them, such as `v3 6, v4 2`. */
  partitionsText: text(200).optional(),
  /** Newest first. */
  versions: z
    .array(
      z.strictObject({
        version: count,
        /** Partitions that it is to serve, and those that it serves. */
        planned: count.optional(),
        serving: count.optional(),
        /** Name of its Deployment. */
        deployment: text(63).optional(),
        replicas: count.optional(),
        readyReplicas: count.optional(),
      }),
    )
    .max(10)
    .optional(),
  /** Rounded: see the laws of status writes. */
  lag: z.strictObject({ events: count, partition: text(20).optional() }).optional(),
  rollout: RolloutStatus.optional(),
  /** Newest values of the command annotations that were obeyed, by annotation. */
  handledCommands: z.record(z.string(), text(200)).optional(),
});
export type DetectorPoolStatus = z.output<typeof DetectorPoolStatus>;
