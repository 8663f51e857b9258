import type { AnomalyModelSpec } from '@verdict/contracts';
import type { KubeWriter } from '../../kube/kube-client.ts';
import { uidOf } from '../../kube/kube-object.ts';
import { placeOf } from '../../resources/child.ts';
import { type AnomalyModelObject, anomalyModels } from '../../resources/custom-objects.ts';

/** Keeps an AnomalyModel until its artefacts are deleted; only one with `deletionPolicy: Delete` has it. */
export const artefactsFinalizer = 'verdict.dev/artefacts';

export function hasFinalizer({ metadata }: AnomalyModelObject): boolean {
  return metadata.finalizers?.includes(artefactsFinalizer) ?? false;
}

/** Whether the finalizer must be set before anything is done for the model, or taken off; null = it is as it should be. */
export function finalizerStep(
  owner: AnomalyModelObject,
  { deletionPolicy }: Pick<AnomalyModelSpec, 'deletionPolicy'>,
): 'set' | 'remove' | null {
  if (deletionPolicy === 'Delete') return hasFinalizer(owner) ? null : 'set';
  return hasFinalizer(owner) ? 'remove' : null;
}

/**
 * Sets or takes off the finalizer: the one field that we apply of the object itself. With the uid, so that an object
 * that is gone meanwhile is not created anew. Gives the object as it is then.
 */
export async function writeFinalizer(
  client: Pick<KubeWriter, 'serverSideApply'>,
  { owner, step }: { readonly owner: AnomalyModelObject; readonly step: 'set' | 'remove' },
  signal: AbortSignal,
): Promise<AnomalyModelObject> {
  const finalizers = step === 'set' ? { finalizers: [artefactsFinalizer] } : {};
  const metadata = { ...placeOf(owner), uid: uidOf(owner), ...finalizers };
  return await client.serverSideApply(anomalyModels, { metadata }, { signal });
}
