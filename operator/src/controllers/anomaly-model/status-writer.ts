import type { OwnWrites } from '../../children/own-writes.ts';
import type { EventNote, EventRecorder } from '../../kube/event-recorder.ts';
import type { KubeWriter } from '../../kube/kube-client.ts';
import { uidOf } from '../../kube/kube-object.ts';
import type { AnomalyModelStatus } from '../../resources/anomaly-model-status.ts';
import { placeOf } from '../../resources/child.ts';
import { type AnomalyModelObject, anomalyModels } from '../../resources/custom-objects.ts';
import { modelEvents } from './model-events.ts';

/**
 * Writes a status where it says something new, and then tells what happened since the one before. An operator that dies
 * in between leaves a thing untold, and tells nothing twice.
 *
 * @returns whether it was written
 */
export async function writeStatus(
  parts: {
    readonly client: Pick<KubeWriter, 'patchStatus'>;
    readonly writes: OwnWrites;
    readonly events: EventRecorder;
  },
  change: {
    readonly owner: AnomalyModelObject;
    readonly status: AnomalyModelStatus;
    /** What is to be told besides, when it was written. */
    readonly notes?: readonly EventNote[];
  },
  signal: AbortSignal,
): Promise<boolean> {
  const { owner, status, notes = [] } = change;
  const before = owner.status ?? {};
  if (status === before) return false;
  const metadata = { ...placeOf(owner), uid: uidOf(owner) };
  parts.writes.note(await parts.client.patchStatus(anomalyModels, { metadata, status }, { signal }));
  for (const note of [...modelEvents(before, status), ...notes]) parts.events.record(owner, note);
  return true;
}
