import { type PoolView, shadowsOfInterest, shadowTotals } from '@verdict/contracts';
import styles from './rollout.module.css';
import { shadowText } from './shadow-text.ts';

/** What versions that are scored beside others make of the same readings; nothing while there are none. */
export function ShadowSection({ pool }: { pool: PoolView }) {
  const totals = shadowsOfInterest(shadowTotals(pool.partitions), pool.rollout.state?.candidate ?? null);
  if (totals.length === 0) return null;
  return (
    <section className={styles.section} aria-label="Scored beside each other">
      <h3>On the same readings</h3>
      {totals.map((one) => (
        <p key={`${one.version} ${one.shadow}`}>{shadowText(one)}</p>
      ))}
    </section>
  );
}
