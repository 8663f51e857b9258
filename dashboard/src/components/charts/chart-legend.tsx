import { useId } from 'react';
import styles from './chart.module.css';
import { LegendKey } from './legend-key.tsx';
import { MissedHatch } from './marked-areas.tsx';

/** What the lines and areas of a signal's chart mean. */
export function SignalLegend() {
  return (
    <span className={styles.legend}>
      <LegendKey text="value">
        <line x1="0" x2="18" y1="5" y2="5" stroke="var(--chart-value)" strokeWidth="2" />
      </LegendKey>
      <LegendKey text="expected">
        <rect width="18" height="10" fill="var(--chart-band)" opacity="0.22" />
        <line x1="0" x2="18" y1="5" y2="5" stroke="var(--chart-expected)" strokeDasharray="4 3" />
      </LegendKey>
      <LegendKey text="anomaly">
        <rect
          x="0.5"
          y="0.5"
          width="17"
          height="9"
          fill="var(--chart-anomaly)"
          fillOpacity="0.2"
          stroke="var(--chart-anomaly)"
        />
      </LegendKey>
    </span>
  );
}

/** What the marks of a score chart mean; of the rarer ones those that are there. */
export function ScoreLegend(props: { threshold: number; quieted: boolean; missed: boolean }) {
  const { threshold } = props;
  const hatchId = useId();
  return (
    <span className={styles.legend}>
      <LegendKey text={`threshold ${threshold}`}>
        <line
          x1="0"
          x2="18"
          y1="5"
          y2="5"
          stroke="var(--chart-anomaly)"
          strokeWidth="1.6"
          strokeDasharray="5 3"
        />
      </LegendKey>
      <LegendKey text="crossed">
        <circle cx="9" cy="5" r="3.4" fill="none" stroke="var(--chart-anomaly)" strokeWidth="1.6" />
      </LegendKey>
      {props.quieted && (
        <LegendKey text="quieted: like a false alarm that people named">
          <rect
            x="6"
            y="2"
            width="6"
            height="6"
            fill="none"
            stroke="var(--chart-quieted)"
            strokeWidth="1.6"
          />
        </LegendKey>
      )}
      {props.missed && (
        <LegendKey text="reported as missed">
          <defs>
            <MissedHatch id={hatchId} />
          </defs>
          <rect
            x="0.5"
            y="0.5"
            width="17"
            height="9"
            fill={`url(#${hatchId})`}
            stroke="var(--chart-missed)"
          />
        </LegendKey>
      )}
    </span>
  );
}
