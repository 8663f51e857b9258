import { Link } from '@tanstack/react-router';
import type { ModelView } from '@verdict/contracts';
import type { ReactNode } from 'react';
import { TimeText } from '../../components/time-text.tsx';
import { formatNumber, formatShare } from '../../lib/quantity.ts';
import styles from './trust.module.css';
import { championText, intervalText, trustSentence, windowText } from './trust-text.ts';
import { TrustWord } from './trust-word.tsx';

/** Whether the model can be trusted, at a glance: the state and why, then the figures behind it. */
export function TrustGlance({ model }: { model: ModelView }) {
  const { trust } = model;
  const asked = model.spec.feedback;
  const confidence = trust?.confidence ?? null;
  const contested = confidence?.contested ?? 0;
  return (
    <section className={styles.glance} aria-label="Trust">
      <div className={styles.verdict}>
        <TrustWord confidence={confidence} asked={asked} />
        {confidence !== null && <span className={styles.muted}>confidence: {confidence.state}</span>}
        <p>{trustSentence(trust, asked)}</p>
        {contested > 0 && (
          <p className={styles.contested}>
            On {contested} of {confidence?.judged} judged anomalies people disagree; each counts as the share
            of those who called it real.{' '}
            <Link to="/ui/inbox" search={{ model: model.name, verdict: 'any' }}>
              Judged anomalies
            </Link>
          </p>
        )}
      </div>
      <Figures model={model} />
    </section>
  );
}

function Fact({ name, note, children }: { name: string; note?: ReactNode; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {children}
        {note !== undefined && <small>{note}</small>}
      </dd>
    </div>
  );
}

function Figures({ model }: { model: ModelView }) {
  const quality = model.trust?.quality ?? null;
  const champion = model.versions.find(({ version }) => version === model.champion);
  const precision = quality?.precision ?? null;
  const recall = quality?.recall ?? null;
  const known = quality === null ? 0 : quality.tp + quality.missed;
  return (
    <dl className={styles.facts}>
      <Fact
        name="Precision, by people's answers"
        note={precision === null ? 'nobody has answered yet' : intervalText(precision)}
      >
        {precision === null ? 'unknown' : formatShare(precision.mean)}
      </Fact>
      <Fact
        name="Recall of known events"
        note={
          recall === null
            ? 'no real event is known'
            : `${intervalText(recall)}; ${formatNumber(quality?.missed ?? 0, 6)} of ${formatNumber(known)} missed`
        }
      >
        {recall === null ? 'unknown' : formatShare(recall.mean)}
      </Fact>
      <Fact
        name="Answered"
        note={
          quality === null
            ? undefined
            : `${formatNumber(quality.judged, 6)} of ${formatNumber(quality.anomalies, 6)} anomalies, ${windowText(model.spec.feedback)}`
        }
      >
        {quality?.labelCoverage == null ? 'none' : formatShare(quality.labelCoverage)}
      </Fact>
      <Fact name="Alarms a day" note={`anomalies; ${formatNumber(model.anomalies.total, 6)} in all`}>
        {formatNumber(model.anomalies.lastDay, 6)}
      </Fact>
      <Fact
        name="Serving"
        note={
          champion?.servesSince == null ? undefined : (
            <>
              first served <TimeText at={champion.servesSince} />
            </>
          )
        }
      >
        {championText(model)}
      </Fact>
      <Fact
        name="Series"
        note={`about ${formatNumber(Number(model.readings.toPrecision(2)), 6)} readings kept`}
      >
        {formatNumber(model.series, 6)}
      </Fact>
    </dl>
  );
}
