import { Link } from '@tanstack/react-router';
import type { SeriesView } from '@verdict/contracts';
import { narrowScreen } from '../../components/narrow-screen.ts';
import { useMatches } from '../../components/use-matches.ts';
import { useNow } from '../../components/use-now.ts';
import { type SeriesPages, useSeriesRows } from '../../components/use-series-rows.ts';
import { formatNumber } from '../../lib/quantity.ts';
import { formatAgo, formatUtc } from '../../lib/time-text.ts';
import styles from './coverage.module.css';
import { StateMark } from './state-mark.tsx';

const rowPx = 40;
/** On narrow screens the reason stands under the key. */
const narrowRowPx = 56;
const columns = ['Series', 'State', 'Why', 'Model', 'Readings', 'Last reading'];

/** The series as a table; only the rows in sight are in the document. */
export function CoverageTable({ items, pages }: { items: readonly SeriesView[]; pages: SeriesPages }) {
  const nowMs = useNow(5_000);
  const narrow = useMatches(narrowScreen);
  const { scroll, rows, totalPx } = useSeriesRows(items, pages, narrow ? narrowRowPx : rowPx);
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
        <tbody className={styles.body} style={{ height: totalPx }}>
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
