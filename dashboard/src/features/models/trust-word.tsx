import type { Confidence, FeedbackSpec } from '@verdict/contracts';
import styles from './trust.module.css';
import { trustWord } from './trust-text.ts';

/** Each state has a shape of its own: a full circle, a hollow one, a triangle. */
const shapes: Record<Confidence['state'], string> = {
  good: 'M7 1.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11',
  unknown: 'M7 2a5 5 0 1 1 0 10A5 5 0 0 1 7 2',
  bad: 'M7 1 13.4 12.6H.6z',
};

/** How far a version is trusted: a shape, a colour and words. */
export function TrustWord(props: {
  confidence: Confidence | null;
  asked: Pick<FeedbackSpec, 'minimumVerdicts' | 'targetPrecision'>;
}) {
  const state = props.confidence?.state ?? 'unknown';
  return (
    <span className={styles.word} data-state={state}>
      <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true" focusable="false">
        <path
          d={shapes[state]}
          fill={state === 'unknown' ? 'none' : 'currentColor'}
          stroke="currentColor"
          strokeWidth="1.6"
          strokeLinejoin="round"
        />
      </svg>
      {trustWord(props.confidence, props.asked)}
    </span>
  );
}
