import { createLink } from '@tanstack/react-router';
import type { Anomaly } from '@verdict/contracts';
import type { ComponentProps } from 'react';
import { headlineOf } from '../lib/anomaly-sentence.ts';
import styles from './anomaly-line.module.css';
import { SeverityMark } from './severity-mark.tsx';
import { TimeText } from './time-text.tsx';

function Anchor({
  anomaly,
  children,
  ...rest
}: Omit<ComponentProps<'a'>, 'className'> & { anomaly: Anomaly }) {
  const main = anomaly.signals[0];
  return (
    <a className={styles.line} {...rest}>
      <SeverityMark score={anomaly.peak.score} />
      <span>
        <TimeText at={anomaly.start} />
      </span>
      <span className={styles.headline}>
        {main?.signal} {headlineOf(main)}
      </span>
      {children}
    </a>
  );
}

/** An anomaly of a series that is known, in one line that leads to it; what is said of it comes last. */
export const AnomalyLine = createLink(Anchor);
