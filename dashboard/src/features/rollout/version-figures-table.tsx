import type { PoolView } from '@verdict/contracts';
import { formatNumber } from '../../lib/quantity.ts';
import { versionName } from '../../lib/version-text.ts';
import lists from './lists.module.css';
import styles from './rollout.module.css';
import { perThousand, versionTotals } from './version-totals.ts';

/** What each version did in its whole life on this pool, side by side. */
export function VersionFiguresTable({ pool }: { pool: PoolView }) {
  const totals = versionTotals(pool.partitions);
  if (totals.length === 0) return null;
  const rate = (count: number, readings: number) => {
    const per = perThousand(count, readings);
    return per === null ? 'none' : formatNumber(per, 3);
  };
  return (
    <section className={styles.section} aria-label="What each version did">
      <h3>What each version did</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={lists.scroll} tabIndex={0} aria-label="Figures per version">
        <table className={lists.table}>
          <thead>
            <tr>
              <th scope="col">Version</th>
              <th scope="col">Partitions</th>
              <th scope="col">Readings</th>
              <th scope="col">Anomalies per 1,000</th>
              <th scope="col">In alarm per 1,000</th>
              <th scope="col">Kept quiet per 1,000</th>
              <th scope="col">Errors</th>
            </tr>
          </thead>
          <tbody>
            {totals.map((one) => (
              <tr key={one.version}>
                <th scope="row">{versionName(one.version)}</th>
                <td>{one.partitions}</td>
                <td>{formatNumber(one.readings, 6)}</td>
                <td>{rate(one.anomalies, one.readings)}</td>
                <td>{rate(one.alarms, one.readings)}</td>
                <td>{rate(one.quieted, one.readings)}</td>
                <td>{formatNumber(one.errors, 6)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}
