import { Link } from '@tanstack/react-router';
import type { Anomaly } from '@verdict/contracts';
import { SeverityMark } from '../../components/severity-mark.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { sentenceOf } from '../../lib/anomaly-sentence.ts';
import { rangeAround } from '../../lib/time-range.ts';
import { AnomalyCharts } from './anomaly-charts.tsx';
import { ContributionBars } from './contribution-bars.tsx';
import styles from './detail.module.css';
import { EarlierAnomalies } from './earlier-anomalies.tsx';
import { VerdictPanel } from './verdict-panel.tsx';

/** Everything about one anomaly: what was odd, the answer to give, the picture, and why. */
export function AnomalyDetail(props: {
  anomaly: Anomaly;
  signal: string | undefined;
  onAnswered?: (anomaly: Anomaly) => void;
}) {
  const { anomaly, signal } = props;
  const sentence = sentenceOf(anomaly);
  const charted =
    anomaly.signals.find((item) => item.signal === signal)?.signal ?? anomaly.signals[0]?.signal;
  const around = rangeAround(
    { startMs: Date.parse(anomaly.start), endMs: Date.parse(anomaly.end), open: anomaly.state === 'open' },
    Date.now(),
  );
  return (
    <article className={styles.detail}>
      <header>
        <div className={styles.meta}>
          <SeverityMark score={anomaly.peak.score} />
          <span className={styles.state} data-state={anomaly.state}>
            {anomaly.state}
          </span>
          <span>
            <TimeText at={anomaly.start} />
            {anomaly.state === 'closed' && anomaly.end !== anomaly.start && (
              <>
                {' to '}
                <TimeText at={anomaly.end} form="clock" />
              </>
            )}
          </span>
          <span>
            peak score {anomaly.peak.score.toFixed(2)} at <TimeText at={anomaly.peak.time} form="clock" />
          </span>
        </div>
        <h2 className={styles.sentence}>
          <code>{sentence.series}</code> {sentence.signal} {sentence.rest}
          {sentence.companions !== null && `; ${sentence.companions}`}.
        </h2>
        <div className={styles.links}>
          <Link
            to="/ui/series/$"
            params={{ _splat: anomaly.series }}
            search={
              anomaly.state === 'open'
                ? { range: '1h' }
                : { from: new Date(around.fromMs).toISOString(), to: new Date(around.toMs).toISOString() }
            }
          >
            Explore this series
          </Link>
          <Link from="/ui/inbox" to="/ui/inbox" search={(known) => ({ ...known, series: anomaly.series })}>
            Only this series in the inbox
          </Link>
          <span className={styles.muted}>
            Raised by{' '}
            <Link to="/ui/models/$name" params={{ name: anomaly.model }}>
              {anomaly.model} version {anomaly.modelVersion}
            </Link>
            {anomaly.modelVersion === 0 && ' (built in, provisional)'}
          </span>
        </div>
      </header>
      <VerdictPanel anomaly={anomaly} onAnswered={props.onAnswered} />
      <AnomalyCharts anomaly={anomaly} signal={charted} />
      <ContributionBars contributions={anomaly.signals} charted={charted} />
      <EarlierAnomalies anomaly={anomaly} />
    </article>
  );
}
