import type { ReactNode } from 'react';
import styles from './chart.module.css';

/** A sample of a line or an area beside its name; the sample is drawn on 18 × 10 pixels. */
export function LegendKey({ text, children }: { text: string; children: ReactNode }) {
  return (
    <span className={styles.key}>
      <svg width="18" height="10" aria-hidden="true" focusable="false">
        {children}
      </svg>
      {text}
    </span>
  );
}
