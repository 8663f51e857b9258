import type { CoverageState } from '@verdict/contracts';
import styles from './coverage.module.css';

const shapes: Record<CoverageState, string> = {
  scored: 'M6 1.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9',
  warming: 'M6 1.5a4.5 4.5 0 0 1 0 9z',
  stale: 'M1.5 1.5h9v9h-9z',
  unassigned: 'M1.5 6h9',
  refused: 'M2 2l8 8M10 2l-8 8',
};

/** What each state means, for the hover. */
export const stateMeaning: Record<CoverageState, string> = {
  scored: 'Every reading gets a score',
  warming: 'Too few readings so far to know what is normal',
  stale: 'No reading for a while',
  unassigned: 'No model wants this series',
  refused: 'Its last readings were turned away at the door',
};

/** A coverage state by shape, word and colour. */
export function StateMark({ state }: { state: CoverageState }) {
  const filled = state === 'scored' || state === 'warming';
  return (
    <span className={styles.mark} data-state={state} title={stateMeaning[state]}>
      <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true" focusable="false">
        {state === 'warming' && (
          <circle cx="6" cy="6" r="4.5" fill="none" stroke="currentColor" strokeWidth="1.5" />
        )}
        <path
          d={shapes[state]}
          fill={filled ? 'currentColor' : 'none'}
          stroke="currentColor"
          strokeWidth="1.5"
        />
      </svg>
      {state}
    </span>
  );
}
