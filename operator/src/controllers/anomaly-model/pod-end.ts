import type { V1Pod } from '@kubernetes/client-node';
import type { KubeObjectOf } from '../../kube/kube-object.ts';

export type TrainingPod = KubeObjectOf<V1Pod>;

/** What the newest pod of a training says of itself, as the end of a sentence that begins with "its pod"; null = nothing. */
export function podWord(pods: readonly TrainingPod[]): string | null {
  const [newest] = [...pods].sort((a, b) => createdMs(b) - createdMs(a));
  if (newest === undefined) return null;
  const { containerStatuses = [], reason, message, conditions = [], phase } = newest.status ?? {};
  const state = containerStatuses[0]?.state;
  if (state?.terminated) {
    const { exitCode, reason: why, signal } = state.terminated;
    const by = signal ? `signal ${signal}` : `exit code ${exitCode}`;
    const said = withText(state.terminated.message);
    return why && why !== 'Error' && why !== 'Completed'
      ? `was ended: ${why} (${by})${said}`
      : `ended with ${by}${said}`;
  }
  // Evicted, or of a node that is gone.
  if (phase === 'Failed' && reason) return `failed: ${reason}${withText(message)}`;
  const waits = state?.waiting?.reason;
  if (waits && waits !== 'ContainerCreating' && waits !== 'PodInitializing')
    return `waits: ${waits}${withText(state.waiting?.message)}`;
  const scheduled = conditions.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status === 'False')
    return `finds no node: ${scheduled.message ?? scheduled.reason ?? 'nobody says why'}`;
  return null;
}

function withText(message: string | undefined): string {
  const text = message?.trim();
  return text ? `: ${text}` : '';
}

function createdMs({ metadata }: TrainingPod): number {
  return metadata.creationTimestamp === undefined ? 0 : Date.parse(metadata.creationTimestamp);
}
