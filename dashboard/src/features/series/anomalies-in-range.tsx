import type { useAnomaliesInRange } from '../../api/anomalies.ts';
import { AnomalyLine } from '../../components/anomaly-line.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { lastedText } from '../../lib/anomaly-sentence.ts';
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
      <ul>
        {items.map((item) => (
          <li key={item.id}>
            <AnomalyLine anomaly={item} to="/ui/inbox" search={{ series: item.series, anomaly: item.id }}>
              <span className={item.state === 'open' ? styles.open : styles.muted}>
                {item.state === 'open' ? 'open' : lastedText(item)}
              </span>
            </AnomalyLine>
          </li>
        ))}
      </ul>
    </section>
  );
}
