import { documentedMetrics } from './metrics-page.ts';

/** Labels that scraping puts on everything: of the target, as the chart's monitors have it. */
const ofTarget = [
  ...['namespace', 'pod', 'job', 'instance', 'container', 'service', 'endpoint'],
  ...['verdict_dev_pool', 'verdict_dev_version'],
];

/** Names under which documented metrics are scraped, and the labels that each can have. */
export function knownNames(): Map<string, ReadonlySet<string>> {
  const known = new Map<string, ReadonlySet<string>>();
  for (const { name, type, labels } of [...documentedMetrics().values()].flat()) {
    const all = [...ofTarget, ...labels];
    if (type !== 'histogram') known.set(name, new Set(all));
    else {
      known.set(`${name}_bucket`, new Set([...all, 'le']));
      for (const suffix of ['sum', 'count']) known.set(`${name}_${suffix}`, new Set(all));
    }
  }
  return known;
}
