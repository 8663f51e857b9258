import { Link } from '@tanstack/react-router';
import type { Anomaly } from '@verdict/contracts';
import { useAnomalies } from '../../api/anomalies.ts';
import { Icon } from '../../components/icon.tsx';
import { SeverityMark } from '../../components/severity-mark.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { flattenPages } from '../../lib/anomaly-list.ts';
import { headlineOf } from '../../lib/anomaly-sentence.ts';
import styles from './detail.module.css';
import { verdictSummary } from './verdict-summary.ts';

const most = 5;

/** Earlier anomalies of the same series with what people said of them: most questions answer themselves there. */
export function EarlierAnomalies({ anomaly }: { anomaly: Anomaly }) {
  const query = useAnomalies({ series: anomaly.series });
  const earlier = flattenPages(query.data?.pages ?? [])
    .filter((item) => Date.parse(item.start) < Date.parse(anomaly.start))
    .slice(0, most);
  if (query.isPending) return null;
  return (
    <section className={styles.section} aria-label="Earlier on this series">
      <h3>Earlier on this series</h3>
      {earlier.length === 0 && <p className={styles.muted}>None kept: this is the first.</p>}
      <ul className={styles.earlier}>
        {earlier.map((item) => {
          const given = verdictSummary(item.verdicts, undefined);
          return (
            <li key={item.id}>
              <Link
                from="/ui/inbox"
                to="/ui/inbox"
                search={(known) => ({ ...known, anomaly: item.id, signal: undefined })}
              >
                <SeverityMark score={item.peak.score} />
                <span>
                  <TimeText at={item.start} />
                </span>
                <span>
                  {item.signals[0]?.signal} {headlineOf(item.signals[0])}
                </span>
                <span>
                  {given === null ? (
                    <span className={styles.muted}>no verdict</span>
                  ) : (
                    <>
                      <Icon name={given.icon} size={12} /> {given.text}
                    </>
                  )}
                </span>
              </Link>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
