import { Link, useParams } from '@tanstack/react-router';
import type { ModelShown } from '../../api/models.ts';
import { useModels } from '../../api/models.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Icon } from '../../components/icon.tsx';
import { precisionOf } from '../../lib/precision.ts';
import { formatNumber, formatShare } from '../../lib/quantity.ts';
import styles from './models.module.css';
import { PoolPartitions } from './pool-partitions.tsx';
import { TrainingList } from './training-list.tsx';
import { championText } from './trust-text.ts';
import { VersionList } from './version-list.tsx';

/** One model: how far it is trusted, what serves, its versions and its trainings. */
export default function OneModel() {
  const name = useParams({ strict: false }).name;
  const query = useModels();
  const model = query.data?.find((item) => item.name === name);
  if (query.data === undefined) return null;
  if (model === undefined) {
    return (
      <EmptyState title={`There is no model ${name ?? ''}`}>
        <p>
          It may have been deleted. <Link to="/ui/models">All models</Link>
        </p>
      </EmptyState>
    );
  }
  return (
    <article className={styles.one}>
      <div className={styles.back}>
        <Link to="/ui/models">
          <Icon name="back" size={12} /> All models
        </Link>
      </div>
      <header className={styles.title}>
        <h2>{model.name}</h2>
        <p className={styles.muted}>
          For <code>{model.spec.series.join(', ')}</code>,{' '}
          {model.spec.signals === 'each'
            ? 'every signal by itself'
            : `scoring ${model.spec.signals.join(', ')} together`}
          , windows of {model.spec.window} readings
        </p>
      </header>
      <Facts model={model} />
      {model.champion === 0 && <FirstTraining model={model} />}
      <PoolPartitions model={model} />
      <VersionList model={model} />
      <TrainingList trainings={model.trainings} />
    </article>
  );
}

function Facts({ model }: { model: ModelShown }) {
  const { total, lastDay, judgedTrue, judgedFalse } = model.anomalies;
  const precision = precisionOf(judgedTrue, judgedFalse);
  return (
    <dl className={styles.facts}>
      <div>
        <dt>Serving</dt>
        <dd>{championText(model)}</dd>
      </div>
      <div>
        <dt>Precision, by people's answers</dt>
        <dd>
          {precision === null ? 'unknown' : formatShare(precision.share)}
          <small>
            {precision === null
              ? 'nobody has answered yet'
              : `95 % sure of ${formatShare(precision.low)} to ${formatShare(precision.high)}`}
          </small>
        </dd>
      </div>
      <div>
        <dt>Answered</dt>
        <dd>
          {formatNumber(judgedTrue + judgedFalse, 6)}
          <small>of {formatNumber(total, 6)} anomalies</small>
        </dd>
      </div>
      <div>
        <dt>Anomalies in the last day</dt>
        <dd>{formatNumber(lastDay, 6)}</dd>
      </div>
      <div>
        <dt>Series</dt>
        <dd>{formatNumber(model.series, 6)}</dd>
      </div>
      <div>
        <dt>Readings kept</dt>
        <dd>about {formatNumber(Number(model.readings.toPrecision(2)), 6)}</dd>
      </div>
    </dl>
  );
}

function FirstTraining({ model }: { model: ModelShown }) {
  const needed = model.spec.training.minimumReadings;
  const have = Math.min(needed, model.readings);
  return (
    <div className={styles.progress}>
      <label htmlFor="first-training">
        {have < needed
          ? `First training after ${formatNumber(needed, 6)} readings; ${formatNumber(have, 6)} are here. Until then the built-in rules serve.`
          : 'There are enough readings for the first training. Until it is accepted, the built-in rules serve.'}
      </label>
      <progress id="first-training" max={needed} value={have} />
    </div>
  );
}
