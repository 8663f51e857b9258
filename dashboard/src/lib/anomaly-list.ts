import type { AnomaliesPage, Anomaly, CurrentVerdict } from '@verdict/contracts';
import { type ListFilters, matchesListing } from './inbox-filters.ts';

/** Newest start first, equal starts by id, descending: as the gateway pages them, so that no page passes one by. */
export function compareNewestFirst(a: Anomaly, b: Anomaly): number {
  return Date.parse(b.start) - Date.parse(a.start) || (a.id > b.id ? -1 : a.id < b.id ? 1 : 0);
}

/** The newer of two states of one anomaly. With equal revisions `arrived` wins if `trusted` (it was read, not told). */
export function newerOf(known: Anomaly, arrived: Anomaly, trusted: boolean): Anomaly {
  if (arrived.revision > known.revision) return arrived;
  return trusted && arrived.revision === known.revision ? arrived : known;
}

/** All anomalies of the pages, each once, newest first. */
export function flattenPages(pages: readonly AnomaliesPage[]): Anomaly[] {
  const byId = new Map<string, Anomaly>();
  for (const page of pages) {
    for (const item of page.items) {
      const known = byId.get(item.id);
      byId.set(item.id, known === undefined ? item : newerOf(known, item, true));
    }
  }
  return [...byId.values()].sort(compareNewestFirst);
}

/**
 * Puts changed anomalies into the pages of one listing. What is already listed is renewed and stays, even if it
 * no longer matches the filters: nothing vanishes under the reader. What is new and matches goes to the first
 * page, unless it is older than everything fetched and a later page would bring it. Same pages when nothing changed.
 */
export function mergeIntoPages(
  pages: readonly AnomaliesPage[],
  arrived: readonly Anomaly[],
  options: { filters: ListFilters; trusted: boolean },
): AnomaliesPage[] {
  const waiting = new Map(arrived.map((item) => [item.id, item]));
  let changed = false;
  const next = pages.map((page) => {
    let pageChanged = false;
    const items = page.items.map((known) => {
      const item = waiting.get(known.id);
      if (item === undefined) return known;
      waiting.delete(known.id);
      const newer = newerOf(known, item, options.trusted);
      if (newer !== known) pageChanged = true;
      return newer;
    });
    if (pageChanged) changed = true;
    return pageChanged ? { ...page, items } : page;
  });
  const last = next.at(-1);
  const oldest = last?.next === null ? undefined : last?.items.at(-1);
  const fresh = [...waiting.values()].filter(
    (item) =>
      matchesListing(item, options.filters) && (oldest === undefined || compareNewestFirst(item, oldest) < 0),
  );
  const first = next[0];
  if (fresh.length > 0 && first !== undefined) {
    changed = true;
    next[0] = { ...first, items: [...fresh, ...first.items].sort(compareNewestFirst) };
  }
  return changed ? next : (pages as AnomaliesPage[]);
}

/** Puts the current verdicts of one anomaly into the pages. Same pages when it is not listed. */
export function mergeVerdicts(
  pages: readonly AnomaliesPage[],
  change: { anomalyId: string; verdicts: CurrentVerdict[] },
): AnomaliesPage[] {
  let changed = false;
  const next = pages.map((page) => {
    if (!page.items.some((item) => item.id === change.anomalyId)) return page;
    changed = true;
    const items = page.items.map((item) =>
      item.id === change.anomalyId ? { ...item, verdicts: change.verdicts } : item,
    );
    return { ...page, items };
  });
  return changed ? next : (pages as AnomaliesPage[]);
}

/**
 * Splits a list into what may be shown without moving what is being read and what is held back: items that are
 * not known yet and would stand above one that is. Items behind the last known one come from paging: shown.
 */
export function holdBack(
  items: readonly Anomaly[],
  known: ReadonlySet<string>,
): { shown: Anomaly[]; held: Anomaly[] } {
  const lastKnown = items.findLastIndex((item) => known.has(item.id));
  const shown: Anomaly[] = [];
  const held: Anomaly[] = [];
  items.forEach((item, index) => {
    (index < lastKnown && !known.has(item.id) ? held : shown).push(item);
  });
  return { shown, held };
}
