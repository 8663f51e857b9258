import { useVirtualizer } from '@tanstack/react-virtual';
import { Link } from '@tanstack/react-router';
import type { SeriesView } from '@verdict/contracts';
import { useEffect, useRef } from 'react';
import type { useCoverage } from '../../api/coverage.ts';
import { useMatches } from '../../components/use-matches.ts';
import { useNow } from '../../components/use-now.ts';
import { formatNumber } from '../../lib/quantity.ts';
import { formatAgo, formatUtc } from '../../lib/time-text.ts';
import styles from './coverage.module.css';
import { StateMark } from './state-mark.tsx';

const rowPx = 40;
/** On narrow screens the reason stands under the key. */
const narrowRowPx = 56;
const columns = ['Series', 'State', 'Why', 'Model', 'Readings', 'Last reading'];

/** The series as a table; only the rows in sight are in the document. */
export function CoverageTable({ items, query }: { items: readonly SeriesView[]; query: ReturnType<typeof useCoverage> }) {
  const scroll = useRef<HTMLDivElement>(null);
  const nowMs = useNow(5_000);
  const narrow = useMatches('(max-width: 760px)');
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => (narrow ? narrowRowPx : rowPx),
    getItemKey: (index) => items[index]?.series ?? index,
    overscan: 12,
  });
  const rows = virtual.getVirtualItems();
  const last = rows.at(-1)?.index ?? -1;
  const { hasNextPage, isFetching, fetchNextPage } = query;
  useEffect(() => {
    if (last >= items.length - 20 && hasNextPage && !isFetching) void fetchNextPage();
  }, [last, items.length, hasNextPage, isFetching, fetchNextPage]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div ref={scroll} className={styles.table} role="table" aria-label="Series and their state" aria-rowcount={items.length + 1} tabIndex={0}>
      <div role="rowgroup" className={styles.header}>
        <div role="row" className={`${styles.row} ${styles.header}`}>
          {columns.map((column, index) => (
            <span key={column} role="columnheader" className={index === 4 ? styles.number : undefined}>
              {column}
            </span>
          ))}
        </div>
      </div>
      <div role="rowgroup" className={styles.body} style={{ height: virtual.getTotalSize() }}>
        {rows.map((row) => {
          const item = items[row.index];
          if (item === undefined) return null;
          return (
            <div
              key={row.key}
              role="row"
              aria-rowindex={row.index + 2}
              className={styles.row}
              style={{ height: row.size, transform: `translateY(${row.start}px)` }}
            >
              <span role="cell" title={item.series}>
                <Link to="/ui/series/$" params={{ _splat: item.series }}>
                  {item.series}
                </Link>
              </span>
              <span role="cell">
                <StateMark state={item.state} />
              </span>
              <span role="cell" title={item.reason}>
                {item.reason}
              </span>
              <span role="cell">{item.model ?? <span className={styles.muted}>none</span>}</span>
              <span role="cell" className={styles.number}>
                {formatNumber(item.readings, 6)}
              </span>
              <span role="cell" className={styles.muted}>
                {item.lastReading === null ? (
                  'never'
                ) : (
                  <time dateTime={item.lastReading} title={formatUtc(Date.parse(item.lastReading))}>
                    {formatAgo(nowMs - Date.parse(item.lastReading))}
                  </time>
                )}
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
