import { type Severity, severityOf } from '../lib/severity.ts';
import styles from './severity-mark.module.css';

const shapes: Record<Severity, string> = {
  critical: 'M6 1 11.2 10.5H.8z',
  major: 'M6 .8 11.2 6 6 11.2.8 6z',
  minor: 'M6 2a4 4 0 1 1 0 8 4 4 0 0 1 0-8',
};

/** Severity by shape, word and colour, in this order of trust; the number is the peak score from 0 to 1. */
export function SeverityMark({ score, wordless = false }: { score: number; wordless?: boolean }) {
  const severity = severityOf(score);
  return (
    <span className={styles.mark} data-severity={severity} title={`Peak score ${score.toFixed(2)} of 1`}>
      <svg width="11" height="11" viewBox="0 0 12 12" aria-hidden="true" focusable="false">
        <path
          d={shapes[severity]}
          fill={severity === 'minor' ? 'none' : 'currentColor'}
          stroke="currentColor"
          strokeWidth="1.4"
        />
      </svg>
      <span className={wordless ? 'visually-hidden' : undefined}>{severity}</span>
    </span>
  );
}
