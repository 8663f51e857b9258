import type { ListOptions, ObjectList } from './kube-client.ts';
import { isExpired } from './kube-error.ts';
import type { KubeObject } from './kube-object.ts';
import type { ResourceKind } from './resource-kind.ts';

interface Page<T> {
  readonly metadata: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items?: T[];
}

const maxPages = 10_000;

/** All pages of a list, through `ask`, which sends one request with that query. */
export async function listPages<T extends KubeObject>(
  kind: ResourceKind<T>,
  options: ListOptions,
  ask: (query: URLSearchParams) => Promise<Page<T>>,
): Promise<ObjectList<T>> {
  const items: T[] = [];
  const query = selectionQuery(options);
  const { pageSize = 500, atResourceVersion } = options;
  query.set('limit', String(pageSize));
  if (atResourceVersion !== undefined) {
    query.set('resourceVersion', atResourceVersion);
    query.set('resourceVersionMatch', 'Exact');
  }
  for (let pages = 0; pages < maxPages; pages++) {
    let page: Page<T>;
    try {
      page = await ask(query);
    } catch (error) {
      // The version that the first page was of was compacted while we read: all at once, then.
      if (!isExpired(error) || !query.has('continue') || atResourceVersion !== undefined) throw error;
      items.length = 0;
      query.delete('continue');
      query.delete('limit');
      continue;
    }
    for (const item of page.items ?? []) items.push(withKind(kind, item));
    if (!page.metadata.continue) return { items, resourceVersion: page.metadata.resourceVersion ?? '' };
    // The token holds the version, and the server refuses both together.
    query.delete('resourceVersion');
    query.delete('resourceVersionMatch');
    query.set('continue', page.metadata.continue);
  }
  throw new Error(`the list of ${kind.plural} did not end after ${maxPages} pages`);
}

/** Selectors as a query. */
export function selectionQuery(options: { labelSelector?: string; fieldSelector?: string }): URLSearchParams {
  const query = new URLSearchParams();
  if (options.labelSelector !== undefined) query.set('labelSelector', options.labelSelector);
  if (options.fieldSelector !== undefined) query.set('fieldSelector', options.fieldSelector);
  return query;
}

/** Items of a list of a built-in kind do not say what they are. */
function withKind<T extends KubeObject>(kind: ResourceKind<T>, item: T): T {
  item.apiVersion ??= kind.apiVersion;
  item.kind ??= kind.kind;
  return item;
}
