/** The alphabet of what Kubernetes appends to names: no vowels, and none of 0, 1, 3. */
const random = '[bcdfghjklmnpqrstvwxz2456789]';
const appended = [
  // Of a Deployment: the hash of its template, and five characters per pod.
  new RegExp(`^(.+)-${random}{6,10}-${random}{5}$`),
  // Of a Job that a CronJob made: the minute of its start, and five characters.
  new RegExp(`^(.+)-\\d{8,10}-${random}{5}$`),
  // Of a DaemonSet or Job.
  new RegExp(`^(.+)-${random}{5}$`),
  // Of a StatefulSet: the ordinal.
  /^(.+)-\d{1,5}$/,
];

/** Name of a pod without what Kubernetes appended to that of its workload: `cart-7d9f8b6c5d-x2x4z` → `cart`. */
export function podWorkload(pod: string): string {
  for (const shape of appended) {
    const found = shape.exec(pod)?.[1];
    if (found !== undefined) return found;
  }
  return pod;
}
