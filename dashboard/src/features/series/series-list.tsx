import { Link } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { SeriesView } from '@verdict/contracts';
import { useEffect, useRef } from 'react';
import type { useSeriesList } from '../../api/coverage.ts';
import styles from './series.module.css';

const rowPx = 46;

/** The keys with their newest score; only the rows in sight are in the document. */
export function SeriesList(props: {
  items: readonly SeriesView[];
  query: ReturnType<typeof useSeriesList>;
  chosen: string | undefined;
}) {
  const { items, query, chosen } = props;
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
  const { hasNextPage, isFetching, fetchNextPage } = query;
  useEffect(() => {
    if (last >= items.length - 20 && hasNextPage && !isFetching) void fetchNextPage();
  }, [last, items.length, hasNextPage, isFetching, fetchNextPage]);
  return (
    <div ref={scroll} className={styles.scroll}>
      <ul className={styles.rows} aria-label="Series" style={{ height: virtual.getTotalSize() }}>
        {rows.map((row) => {
          const item = items[row.index];
          if (item === undefined) return null;
          return (
            <li key={row.key} style={{ height: row.size, transform: `translateY(${row.start}px)` }}>
              <Link
                to="/ui/series/$"
                params={{ _splat: item.series }}
                search={(known) => known}
                className={styles.row}
                aria-current={item.series === chosen ? 'page' : undefined}
              >
                <span>{item.series}</span>
                {item.openAnomaly === null ? <span /> : <span className={styles.open}>open anomaly</span>}
                <span className={styles.sub}>
                  {item.signals.length} {item.signals.length === 1 ? 'signal' : 'signals'}
                  {item.state !== 'scored' && ` · ${item.state}`}
                </span>
                <Score score={item.score} />
              </Link>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function Score({ score }: { score: number | null }) {
  if (score === null) return <span className={styles.sub}>no score yet</span>;
  return (
    <span className={styles.score}>
      <span className={styles.meter} aria-hidden="true">
        <span style={{ width: `${score * 100}%` }} />
      </span>
      <span>
        <span className="visually-hidden">score </span>
        {score.toFixed(2)}
      </span>
    </span>
  );
}
