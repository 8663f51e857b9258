import { Link } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
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
export function CoverageTable({
  items,
  query,
}: {
  items: readonly SeriesView[];
  query: ReturnType<typeof useCoverage>;
}) {
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
    <div ref={scroll} className={styles.table}>
      <table aria-label="Series and their state" aria-rowcount={items.length + 1}>
        <thead className={styles.header}>
          <tr className={styles.row}>
            {columns.map((column, index) => (
              <th key={column} scope="col" className={index === 4 ? styles.number : undefined}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className={styles.body} style={{ height: virtual.getTotalSize() }}>
          {rows.map((row) => {
            const item = items[row.index];
            if (item === undefined) return null;
            return (
              <tr
                key={row.key}
                aria-rowindex={row.index + 2}
                className={styles.row}
                style={{ height: row.size, transform: `translateY(${row.start}px)` }}
              >
                <SeriesCells item={item} nowMs={nowMs} />
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function SeriesCells({ item, nowMs }: { item: SeriesView; nowMs: number }) {
  return (
    <>
      <th scope="row" title={item.series}>
        <Link to="/ui/series/$" params={{ _splat: item.series }}>
          {item.series}
        </Link>
      </th>
      <td>
        <StateMark state={item.state} />
      </td>
      <td title={item.reason}>{item.reason}</td>
      <td>{item.model ?? <span className={styles.muted}>none</span>}</td>
      <td className={styles.number}>{formatNumber(item.readings, 6)}</td>
      <td className={styles.muted}>
        {item.lastReading === null ? (
          'never'
        ) : (
          <time dateTime={item.lastReading} title={formatUtc(Date.parse(item.lastReading))}>
            {formatAgo(nowMs - Date.parse(item.lastReading))}
          </time>
        )}
      </td>
    </>
  );
}
