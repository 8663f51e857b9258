import { lazy, type ReactNode, Suspense } from 'react';
import styles from './chart.module.css';

/** The chart library is the heaviest part of the page: it is fetched when the first chart is drawn. */
export const SignalChart = lazy(() => import('./signal-chart.tsx'));
export const ScoreChart = lazy(() => import('./score-chart.tsx'));

/** Holds the place of charts until they can be drawn. */
export function ChartsPlace({ height, children }: { height: number; children: ReactNode }) {
  return <Suspense fallback={<ChartsMessage height={height} text="Drawing…" />}>{children}</Suspense>;
}

/** Says in a chart's place why there is none. */
export function ChartsMessage({ height, text }: { height: number; text: string }) {
  return (
    <div className={styles.none} style={{ height }} role="status">
      {text}
    </div>
  );
}
