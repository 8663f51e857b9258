/** Status of an object in the words of kstatus. */
export type Kstatus = 'Current' | 'InProgress' | 'Failed' | 'Terminating';

interface Condition {
  readonly type: string;
  readonly status: string;
}
export interface ObjectWithStatus {
  readonly metadata: { readonly generation?: number; readonly deletionTimestamp?: string };
  readonly status?: { readonly observedGeneration?: number; readonly conditions?: readonly Condition[] };
}

/**
 * What kstatus makes of a custom resource, rule by rule
 * (https://github.com/kubernetes-sigs/cli-utils/blob/master/pkg/kstatus/README.md): deletion, then an old generation,
 * then Reconciling and Stalled, then Ready; whatever says nothing is Current.
 */
export function kstatus({ metadata, status }: ObjectWithStatus): Kstatus {
  if (metadata.deletionTimestamp !== undefined) return 'Terminating';
  const observed = status?.observedGeneration;
  if (observed !== undefined && metadata.generation !== undefined && observed !== metadata.generation)
    return 'InProgress';
  const holds = (type: string, value: string) =>
    status?.conditions?.some((condition) => condition.type === type && condition.status === value) === true;
  if (holds('Reconciling', 'True')) return 'InProgress';
  if (holds('Stalled', 'True')) return 'Failed';
  if (holds('Ready', 'False') || holds('Ready', 'Unknown')) return 'InProgress';
  return 'Current';
}
