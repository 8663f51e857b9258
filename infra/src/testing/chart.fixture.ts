import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';

const chart = new URL('../../../charts/verdict/', import.meta.url);

/** A file of the chart, as text. */
export function chartFile(path: string): string {
  return readFileSync(new URL(path, chart), 'utf8');
}

interface KubernetesObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** What `ci/production.yaml` renders: release and namespace `verdict`, models in `shop` and `payments`. */
export function renderedServiceAccounts(): { namespace: string; name: string }[] {
  return parseAllDocuments(chartFile('golden/production.yaml'))
    .map((document): KubernetesObject | null => document.toJS())
    .filter((object) => object?.kind === 'ServiceAccount')
    .map((object) => ({
      namespace: object?.metadata.namespace ?? 'verdict',
      name: object?.metadata.name ?? '',
    }));
}
