import type { V1Pod } from '@kubernetes/client-node';
import type { KubeObjectOf } from '../../kube/kube-object.ts';
import { label } from '../../resources/labels.ts';

export type Pod = KubeObjectOf<V1Pod>;

/** Why a detector does not come up. `CrashLooping` may be its version's fault, the others are the cluster's. */
export type PodTroubleKind = 'CrashLooping' | 'Unschedulable' | 'CannotStart';

export interface PodTrouble {
  readonly version: number;
  readonly kind: PodTroubleKind;
  /** How many detectors of the version are in this trouble. */
  readonly pods: number;
  /** What Kubernetes says of one of them. */
  readonly message: string;
}

/** So many ends without ever getting ready are a crash loop, also in the moments in which it runs. */
const crashLoop = 3;

const cannotStart = new Set([
  'ImagePullBackOff',
  'ErrImagePull',
  'ErrImageNeverPull',
  'InvalidImageName',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
]);

/** What is looked at of a pod; ten thousand of them are kept. */
export function trimPod(pod: Pod): Pod {
  const { name, namespace, uid, resourceVersion, labels, deletionTimestamp, ownerReferences } = pod.metadata;
  const { phase, conditions, containerStatuses } = pod.status ?? {};
  return {
    apiVersion: pod.apiVersion,
    kind: pod.kind,
    metadata: { name, namespace, uid, resourceVersion, labels, deletionTimestamp, ownerReferences },
    status: {
      phase,
      conditions: conditions?.filter(({ type }) => type === 'PodScheduled' || type === 'Ready'),
      containerStatuses,
    },
  };
}

/** The version that a pod serves; undefined if its label says none. */
export function versionOfPod(pod: Pod): number | undefined {
  const text = pod.metadata.labels?.[label.version] ?? '';
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** The pod that a detector runs in, by the name it has as holder of leases: `detector-<pod>-<pid>-<random>`. */
export function podOfHolder(pods: readonly Pod[], holder: string): Pod | undefined {
  const name = /^detector-(.+)-\d+-[0-9a-f]{8}$/.exec(holder)?.[1];
  return name === undefined ? undefined : pods.find(({ metadata }) => metadata.name === name);
}

/** What keeps detectors from coming up, by version and kind; the messages are those of the first pod by name. */
export function podTroubles(pods: readonly Pod[]): PodTrouble[] {
  const found = new Map<string, PodTrouble>();
  const byName = [...pods].sort((a, b) => ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1));
  for (const pod of byName) {
    const version = versionOfPod(pod);
    const trouble = pod.metadata.deletionTimestamp === undefined ? troubleOf(pod) : null;
    if (version === undefined || trouble === null) continue;
    const key = `${version}/${trouble.kind}`;
    const known = found.get(key);
    found.set(key, known ? { ...known, pods: known.pods + 1 } : { version, pods: 1, ...trouble });
  }
  return [...found.values()];
}

function troubleOf(pod: Pod): Pick<PodTrouble, 'kind' | 'message'> | null {
  const scheduled = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status === 'False')
    return { kind: 'Unschedulable', message: scheduled.message ?? scheduled.reason ?? 'no node takes it' };
  for (const { state, lastState, restartCount, ready } of pod.status?.containerStatuses ?? []) {
    const waiting = state?.waiting;
    if (waiting?.reason !== undefined && cannotStart.has(waiting.reason))
      return {
        kind: 'CannotStart',
        message: `${waiting.reason}: ${waiting.message ?? ''}`.replace(/: $/, ''),
      };
    const loops = waiting?.reason === 'CrashLoopBackOff' || (!ready && restartCount >= crashLoop);
    const ended = lastState?.terminated ?? state?.terminated;
    if (loops) return { kind: 'CrashLooping', message: endedText(ended) };
  }
  return null;
}

function endedText(ended: { reason?: string; exitCode: number; message?: string } | undefined): string {
  if (ended === undefined) return 'it ends again and again';
  const said = ended.message === undefined ? '' : `: ${ended.message.trim()}`;
  return `it ended with code ${ended.exitCode} (${ended.reason ?? 'Error'})${said}`;
}
