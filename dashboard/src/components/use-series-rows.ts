import { useVirtualizer } from '@tanstack/react-virtual';
import type { SeriesView } from '@verdict/contracts';
import { useEffect, useRef } from 'react';

/** So many rows before the end, the next page is asked for. */
const rowsAhead = 20;

/** The pages of a list of series, as far as they are read. */
export interface SeriesPages {
  readonly hasNextPage: boolean;
  readonly isFetching: boolean;
  fetchNextPage(): Promise<unknown>;
}

/**
 * Rows of series of which only those in sight are in the document; near their end the next page is read. `scroll`
 * belongs to the element that scrolls.
 */
export function useSeriesRows(items: readonly SeriesView[], pages: SeriesPages, rowPx: number) {
  const scroll = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowPx,
    getItemKey: (index) => items[index]?.series ?? index,
    overscan: 12,
  });
  const rows = virtual.getVirtualItems();
  const last = rows.at(-1)?.index ?? -1;
  const { hasNextPage, isFetching, fetchNextPage } = pages;
  useEffect(() => {
    if (last >= items.length - rowsAhead && hasNextPage && !isFetching) void fetchNextPage();
  }, [last, items.length, hasNextPage, isFetching, fetchNextPage]);
  return { scroll, rows, totalPx: virtual.getTotalSize() };
}
