import type { SeriesRow, SeriesStore } from '@verdict/storage';
import type { Directory } from '../models/model-directory.ts';
import type { DoorNote } from '../readings/door-notes.ts';
import type { SeriesFacts } from './series-view.ts';

const rowsPerPage = 5000;
/** A million series. */
const maxPages = 200;

/** Reads everything that is known of all series. */
export async function readSeriesFacts(store: SeriesStore, directory: Directory): Promise<SeriesFacts[]> {
  const rows: SeriesRow[] = [];
  let after: string | undefined;
  for (let page = 0; page < maxPages; page++) {
    const more = await store.list({ limit: rowsPerPage, after });
    rows.push(...more);
    after = more.at(-1)?.series;
    if (more.length < rowsPerPage) break;
  }
  return joinFacts(rows, await store.atDoor(), directory);
}

/**
 * Joins rows and notes, ascending by key. A series that was served by several pools in the course of time is shown
 * with the row of the pool that serves it now, else with the row that has the newest reading.
 */
export function joinFacts(
  rows: readonly SeriesRow[],
  notes: readonly DoorNote[],
  directory: Directory,
): SeriesFacts[] {
  const facts = new Map<string, SeriesFacts>();
  for (const row of rows) {
    const other = facts.get(row.series)?.row;
    if (other == null || isBetter(row, other, directory))
      facts.set(row.series, { series: row.series, row, note: null });
  }
  for (const note of notes)
    facts.set(note.series, { series: note.series, row: facts.get(note.series)?.row ?? null, note });
  return [...facts.values()].sort((a, b) => (a.series < b.series ? -1 : 1));
}

function isBetter(row: SeriesRow, other: SeriesRow, directory: Directory): boolean {
  const wanted = directory.modelKeyOf(row.series);
  const serves = (one: SeriesRow): boolean =>
    wanted !== null && directory.modelKeyOfPool(one.pool) === wanted;
  if (serves(row) !== serves(other)) return serves(row);
  return row.lastMs > other.lastMs;
}
