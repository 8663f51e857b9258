import { fieldManager } from '../kube/kube-client.ts';

/** Labels and annotations of ours. */
export const label = {
  pool: 'verdict.dev/pool',
  model: 'verdict.dev/model',
  version: 'verdict.dev/version',
} as const;

/** Annotations on children, and those by which people command. */
export const annotation = {
  /** On a Job: the whole id of its trigger (its name has a hash). */
  trigger: 'verdict.dev/trigger',
  /** On a Job: why the trigger fired, in words. */
  triggerReason: 'verdict.dev/trigger-reason',
  /** On an AnomalyModel: a new value asks for a training. */
  retrain: 'verdict.dev/retrain',
  /** On a DetectorPool: a new value serves the candidate from all partitions at once, … */
  promote: 'verdict.dev/promote',
  /** … takes it back, … */
  abort: 'verdict.dev/abort',
  /** … or serves the version that the value names. */
  rollbackTo: 'verdict.dev/rollback-to',
  /** On a DetectorPool: a new value holds the rollout where it is, … */
  pause: 'verdict.dev/pause',
  /** … or lets it go on. */
  resume: 'verdict.dev/resume',
} as const;

export type Labels = Record<string, string>;

/** Labels that choose the detectors of a pool, over all versions. Never changed: selectors are immutable. */
export function poolSelector(pool: string): Labels {
  return { 'app.kubernetes.io/name': 'verdict-detector', [label.pool]: pool };
}

/** Labels that choose the detectors of one version of a pool. */
export function versionSelector(pool: string, version: number): Labels {
  return { ...poolSelector(pool), [label.version]: String(version) };
}

/** Labels of what belongs to a whole pool. */
export function poolLabels(pool: string, model: string): Labels {
  return { ...poolSelector(pool), ...common('detector'), [label.model]: model };
}

/** Labels of what belongs to one version of a pool, pods too. */
export function versionLabels(pool: string, model: string, version: number): Labels {
  return { ...poolLabels(pool, model), [label.version]: String(version) };
}

/** Labels of a training's Job and its pods. */
export function trainingLabels(model: string): Labels {
  return { 'app.kubernetes.io/name': 'verdict-training', ...common('training'), [label.model]: model };
}

/** `a=b,c=d`, as the scale subresource and list requests write selectors. */
export function selectorText(labels: Labels): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',');
}

function common(component: string): Labels {
  return {
    'app.kubernetes.io/component': component,
    'app.kubernetes.io/part-of': 'verdict',
    'app.kubernetes.io/managed-by': fieldManager,
  };
}
