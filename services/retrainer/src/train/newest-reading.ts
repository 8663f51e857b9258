import type { SeriesStore } from '@verdict/storage';

const pageSize = 1000;
/** Series that are looked at at most. */
const mostPages = 20;

/** Event time of the newest reading of any series of a pool, epoch ms; null when there is none. */
export async function newestReading(series: Pick<SeriesStore, 'list'>, pool: string): Promise<number | null> {
  let newest: number | null = null;
  let after: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const rows = await series.list({ limit: pageSize, ...(after !== undefined && { after }) });
    for (const row of rows)
      if (row.pool === pool) newest = Math.max(newest ?? Number.NEGATIVE_INFINITY, row.lastMs);
    after = rows.at(-1)?.series;
    if (rows.length < pageSize || after === undefined) break;
  }
  return newest;
}
