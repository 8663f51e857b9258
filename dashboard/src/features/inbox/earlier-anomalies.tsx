import type { Anomaly } from '@verdict/contracts';
import { useAnomalies } from '../../api/anomalies.ts';
import { AnomalyLine } from '../../components/anomaly-line.tsx';
import { Icon } from '../../components/icon.tsx';
import { flattenPages } from '../../lib/anomaly-list.ts';
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
      <ul>
        {earlier.map((item) => {
          const given = verdictSummary(item.verdicts, undefined);
          return (
            <li key={item.id}>
              <AnomalyLine
                anomaly={item}
                from="/ui/inbox"
                to="/ui/inbox"
                search={(known) => ({ ...known, anomaly: item.id, signal: undefined })}
              >
                <span>
                  {given === null ? (
                    <span className={styles.muted}>no verdict</span>
                  ) : (
                    <>
                      <Icon name={given.icon} size={12} /> {given.text}
                    </>
                  )}
                </span>
              </AnomalyLine>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
