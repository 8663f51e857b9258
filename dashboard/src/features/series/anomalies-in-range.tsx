import { Link } from '@tanstack/react-router';
import type { useAnomaliesInRange } from '../../api/anomalies.ts';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { SeverityMark } from '../../components/severity-mark.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { headlineOf, lastedText } from '../../lib/anomaly-sentence.ts';
import styles from './series.module.css';

/** The anomalies that the charts shade, as a list that leads into the inbox. */
export function AnomaliesInRange({ query }: { query: ReturnType<typeof useAnomaliesInRange> }) {
  const items = query.data?.items ?? [];
  if (query.isError && query.data === undefined) {
    return (
      <ProblemNotice
        what="The anomalies of this range could not be read"
        error={query.error}
        onRetry={() => void query.refetch()}
      />
    );
  }
  if (query.isPending) return null;
  return (
    <section aria-label="Anomalies in this range">
      <h3>Anomalies in this range</h3>
      {items.length === 0 && <p className={styles.muted}>None.</p>}
      <ul className={styles.list}>
        {items.map((item) => (
          <li key={item.id}>
            <Link to="/ui/inbox" search={{ series: item.series, anomaly: item.id }}>
              <SeverityMark score={item.peak.score} />
              <span>
                <TimeText at={item.start} />
              </span>
              <span>
                {item.signals[0]?.signal} {headlineOf(item.signals[0])}
              </span>
              <span className={item.state === 'open' ? styles.open : styles.muted}>
                {item.state === 'open' ? 'open' : lastedText(item)}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
