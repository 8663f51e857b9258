import { createHash } from 'node:crypto';

/** Longest name of a Service or of a value of a label. */
const longest = 63;
/** A pod of an indexed Job is named after it, its index and five letters more, and may be as long as a host name. */
const longestJob = 55;
/** A Deployment's pods add the hash of their template (10) and five letters, and are host names too. */
const longestDeployment = 46;

/** Name of the Deployment of one version of a pool: `<pool>-v<version>`. The same for the same, always. */
export function deploymentName(pool: string, version: number): string {
  return joined(pool, `v${version}`, longestDeployment);
}

/**
 * Name of the one Job of a trigger: `<model>-train-<hash of the trigger's id>`. Whoever comes to the same trigger
 * again, after any crash, finds the name taken.
 */
export function trainingJobName(model: string, triggerId: string): string {
  return joined(model, `train-${digest(triggerId, 10)}`, longestJob);
}

/** Name of what there is one of in a pool: its Service, PodDisruptionBudget and autoscaler. */
export function poolChildName(pool: string): string {
  return joined(pool, 'detectors', longest);
}

/** `base-end`; where that is too long, the beginning of `base` and a hash of all of it in its place. */
function joined(base: string, end: string, most: number): string {
  const whole = `${base}-${end}`;
  if (whole.length <= most) return whole;
  const hash = digest(base, 8);
  const kept = base.slice(0, most - end.length - hash.length - 2).replace(/-+$/, '');
  return `${kept}-${hash}-${end}`;
}

function digest(text: string, digits: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits);
}
