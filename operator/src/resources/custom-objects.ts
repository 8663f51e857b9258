import { AnomalyModelSpec, DetectorPoolSpec, problemErrors } from '@verdict/contracts';
import type { z } from 'zod';
import type { KubeObject } from '../kube/kube-object.ts';
import { resourceKind } from '../kube/resource-kind.ts';
import type { AnomalyModelStatus } from './anomaly-model-status.ts';
import type { DetectorPoolStatus } from './detector-pool-status.ts';

export const apiVersion = 'verdict.dev/v1alpha1';

/** An AnomalyModel as the API server gives it: defaults filled in by the CRD. */
export interface AnomalyModelObject extends KubeObject {
  /** As it was written; `modelSpecOf` reads it. */
  spec: z.input<typeof AnomalyModelSpec>;
  status?: AnomalyModelStatus;
}

/** A DetectorPool as the API server gives it: defaults filled in by the CRD. */
export interface DetectorPoolObject extends KubeObject {
  /** As it was written; `poolSpecOf` reads it. */
  spec: z.input<typeof DetectorPoolSpec>;
  status?: DetectorPoolStatus;
}

export const anomalyModels = resourceKind<AnomalyModelObject>({
  apiVersion,
  kind: 'AnomalyModel',
  plural: 'anomalymodels',
  namespaced: true,
});

export const detectorPools = resourceKind<DetectorPoolObject>({
  apiVersion,
  kind: 'DetectorPool',
  plural: 'detectorpools',
  namespaced: true,
});

/** A spec that is read, or a sentence that says what is wrong with it. */
export type ReadSpec<T> =
  | { readonly ok: true; readonly spec: T }
  | { readonly ok: false; readonly message: string };

/**
 * The spec of a model as the rest of the code knows it. The CRD has checked it: what is refused here was written under
 * another version of the CRD, and stalls the object with the reason `SpecInvalid`.
 */
export function modelSpecOf(object: Pick<AnomalyModelObject, 'spec'>): ReadSpec<AnomalyModelSpec> {
  return readSpec(AnomalyModelSpec, object.spec);
}

/** The spec of a pool, as `modelSpecOf`. */
export function poolSpecOf(object: Pick<DetectorPoolObject, 'spec'>): ReadSpec<DetectorPoolSpec> {
  return readSpec(DetectorPoolSpec, object.spec);
}

function readSpec<T>(schema: z.ZodType<T>, spec: unknown): ReadSpec<T> {
  const parsed = schema.safeParse(spec);
  if (parsed.success) return { ok: true, spec: parsed.data };
  const problems = problemErrors(parsed.error, 5).map(
    ({ field, message }) => `spec${field === '' ? '' : `.${field}`}: ${message}`,
  );
  return { ok: false, message: problems.join('; ') };
}
