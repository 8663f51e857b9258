import { z } from 'zod';
import { AnomalyModelSpec } from './model-spec.ts';
import { ResourceName } from './names.ts';
import { DetectorPoolSpec } from './pool.ts';

const metadata = z.object({ name: ResourceName, namespace: ResourceName.default('default') });

/** An AnomalyModel manifest as it is written in YAML. */
export const AnomalyModelResource = z.strictObject({
  apiVersion: z.literal('verdict.dev/v1alpha1'),
  kind: z.literal('AnomalyModel'),
  metadata,
  spec: AnomalyModelSpec,
});
export type AnomalyModelResource = z.output<typeof AnomalyModelResource>;

/** A DetectorPool manifest as it is written in YAML. */
export const DetectorPoolResource = z.strictObject({
  apiVersion: z.literal('verdict.dev/v1alpha1'),
  kind: z.literal('DetectorPool'),
  metadata,
  spec: DetectorPoolSpec,
});
export type DetectorPoolResource = z.output<typeof DetectorPoolResource>;

/** Any manifest of ours. */
export const Resource = z.discriminatedUnion('kind', [AnomalyModelResource, DetectorPoolResource]);
export type Resource = z.output<typeof Resource>;
