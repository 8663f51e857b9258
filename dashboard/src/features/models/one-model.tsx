import { Link, useParams } from '@tanstack/react-router';
import type { ModelView } from '@verdict/contracts';
import { BackLink } from '../../components/back-link.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { formatNumber } from '../../lib/quantity.ts';
import { ComparisonSection } from './comparison-section.tsx';
import styles from './models.module.css';
import { PoolPartitions } from './pool-partitions.tsx';
import { SignList } from './sign-list.tsx';
import { TrainingActions } from './training-actions.tsx';
import { TrainingList } from './training-list.tsx';
import { TrustGlance } from './trust-glance.tsx';
import { TrustHistory } from './trust-history.tsx';
import { useLiveModels } from './use-live-models.ts';
import { VersionList } from './version-list.tsx';

/** One model: how far it is trusted, what serves, its versions and its trainings. */
export default function OneModel() {
  const name = useParams({ strict: false }).name;
  const query = useLiveModels();
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
    <article className={styles.one} key={`${model.namespace}/${model.name}`}>
      <BackLink to="/ui/models">All models</BackLink>
      <header className={styles.title}>
        <h2>{model.name}</h2>
        <p className={styles.muted}>
          For <code>{model.spec.series.join(', ')}</code>,{' '}
          {model.spec.signals === 'each'
            ? 'every signal by itself'
            : `scoring ${model.spec.signals.join(', ')} together`}
          , windows of {model.spec.window} readings;{' '}
          {model.spec.recurring === 'habit'
            ? 'what comes again and again becomes usual'
            : 'what comes again and again is an alarm each time'}
        </p>
      </header>
      <TrustGlance model={model} />
      <TrainingActions model={model} />
      {model.versions.every(({ version }) => version === 0) && <FirstTraining model={model} />}
      <TrustHistory model={model} />
      {model.trust !== null && <SignList trust={model.trust} />}
      <PoolPartitions model={model} />
      <VersionList model={model} />
      <ComparisonSection model={model} />
      <TrainingList trainings={model.trainings} />
    </article>
  );
}

function FirstTraining({ model }: { model: ModelView }) {
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
