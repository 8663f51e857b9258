import { formatNumber } from '../../lib/quantity.ts';
import styles from './coverage.module.css';

/** What was accepted but could not be used, and nobody has replayed, by reason; nothing when there is none. */
export function DeadLetters({ counts }: { counts: Readonly<Record<string, number>> }) {
  const reasons = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .sort((a, b) => b[1] - a[1]);
  if (reasons.length === 0) return null;
  const total = reasons.reduce((sum, [, count]) => sum + count, 0);
  return (
    <section className={styles.dead} aria-label="Dead letters">
      <h2>{formatNumber(total, 6)} readings could not be used</h2>
      <ul>
        {reasons.map(([reason, count]) => (
          <li key={reason}>
            {reason} <strong>{formatNumber(count, 6)}</strong>
          </li>
        ))}
      </ul>
      <p>
        They are kept. An admin sees which and why with <code>verdict dead-letters</code>, and can replay them
        when the cause is mended.
      </p>
    </section>
  );
}
