import type { ReactNode } from 'react';
import styles from './notice.module.css';

/** What a screen says when it has nothing to show: why, and what comes next. */
export function EmptyState({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <h2>{title}</h2>
      {children}
    </div>
  );
}
