import styles from './key-hint.module.css';

/** The key that does the same; `aria-keyshortcuts` on the control tells it to screen readers. */
export function KeyHint({ of }: { of: string }) {
  return (
    <span aria-hidden="true" className={styles.hint}>
      <kbd>{of}</kbd>
    </span>
  );
}
