import type { SeriesView } from '@verdict/contracts';
import { ListLink } from '../../components/list-link.tsx';
import { type SeriesPages, useSeriesRows } from '../../components/use-series-rows.ts';
import styles from './series.module.css';

const rowPx = 46;

/** The keys with their newest score; only the rows in sight are in the document. */
export function SeriesList(props: {
  items: readonly SeriesView[];
  pages: SeriesPages;
  chosen: string | undefined;
}) {
  const { items, pages, chosen } = props;
  const { scroll, rows, totalPx } = useSeriesRows(items, pages, rowPx);
  return (
    <div ref={scroll} className={styles.scroll}>
      <ul className={styles.rows} aria-label="Series" style={{ height: totalPx }}>
        {rows.map((row) => {
          const item = items[row.index];
          if (item === undefined) return null;
          return (
            <li key={row.key} style={{ height: row.size, transform: `translateY(${row.start}px)` }}>
              <ListLink
                to="/ui/series/$"
                params={{ _splat: item.series }}
                search={(known) => known}
                className={styles.row}
                chosen={item.series === chosen}
              >
                <span>{item.series}</span>
                {item.openAnomaly === null ? <span /> : <span className={styles.open}>open anomaly</span>}
                <span className={styles.sub}>
                  {item.signals.length} {item.signals.length === 1 ? 'signal' : 'signals'}
                  {item.state !== 'scored' && ` · ${item.state}`}
                </span>
                <Score score={item.score} />
              </ListLink>
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
