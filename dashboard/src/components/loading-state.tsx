import styles from './notice.module.css';

const widths = ['72%', '48%', '64%', '40%', '58%', '70%'];

/** Stands where data will stand. */
export function LoadingState({ what }: { what: string }) {
  return (
    <div className={styles.waiting} role="status">
      <span className="visually-hidden">Loading {what}…</span>
      {widths.map((width) => (
        <div key={width} className={styles.bar} style={{ width }} />
      ))}
    </div>
  );
}
