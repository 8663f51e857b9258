import type { ModelVersionView, ModelView, PoolView } from '@verdict/contracts';
import { useIsAdmin } from '../../api/services.ts';
import { Icon } from '../../components/icon.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { formatNumber } from '../../lib/quantity.ts';
import { versionText } from '../../lib/version-text.ts';
import { EvaluationFigures } from './evaluation-figures.tsx';
import { decisionText } from './evaluation-reasons.ts';
import { ManifestFacts } from './manifest-facts.tsx';
import models from './models.module.css';
import { VersionStateWord } from './state-word.tsx';
import { triggerText } from './trigger-text.ts';
import { TrustWord } from './trust-word.tsx';
import { usePoolsOf } from './use-pools-of.ts';
import styles from './versions.module.css';

function inShort(version: ModelVersionView): string {
  if (version.version === 0) return 'robust z-score, range and flat-line rules; needs no training';
  if (version.evaluation !== null) return decisionText(version.evaluation);
  if (version.manifest !== null)
    return `trained on ${formatNumber(version.manifest.training.readings)} readings, not judged yet`;
  return 'not judged yet';
}

/** The versions as a line of time, newest first; each opens to why and of what it was made, and its judgement. */
export function VersionList({ model }: { model: ModelView }) {
  const { pools } = usePoolsOf(model);
  const versions = [...model.versions].sort((a, b) => b.version - a.version);
  return (
    <section className={models.section} aria-label="Versions">
      <h3>Versions</h3>
      {versions.length === 0 && <p className={models.muted}>None learnt yet: the built-in rules serve.</p>}
      <ol className={styles.line} reversed aria-label="Versions, newest first">
        {versions.map((version) => (
          <li key={version.version} data-serving={version.version === model.champion}>
            <OneVersion model={model} version={version} pools={pools} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function OneVersion(props: { model: ModelView; version: ModelVersionView; pools: readonly PoolView[] }) {
  const { model, version } = props;
  const serving = version.version === model.champion;
  const confidence = model.trust?.versions[version.version] ?? null;
  const run = model.trainings.find((one) => one.version === version.version);
  return (
    <details className={styles.version} open={serving && version.version > 0}>
      <summary>
        <Icon name="forward" size={12} />
        <strong>Version {version.version}</strong>
        <VersionStateWord state={version.state} serving={serving} />
        <span>
          <TimeText at={version.createdAt} />
        </span>
        <span>{inShort(version)}</span>
      </summary>
      <div className={styles.about}>
        {version.version === 0 ? (
          <p>Built in: it serves from the first reading, and its scores are provisional.</p>
        ) : (
          <p>
            {run !== undefined && `Trained because ${triggerText(run.triggerId)}. `}
            {version.servesSince === null ? (
              'It never served.'
            ) : (
              <>
                First served <TimeText at={version.servesSince} />
                {serving ? ', and serves now.' : '.'}
              </>
            )}
          </p>
        )}
        {confidence !== null && (
          <p>
            <TrustWord confidence={confidence} asked={model.spec.feedback} />{' '}
            <span className={models.muted}>by {confidence.judged} judged anomalies of its own</span>
          </p>
        )}
        {version.evaluation !== null && (
          <EvaluationFigures evaluation={version.evaluation} version={version.version} />
        )}
        {version.manifest !== null && <ManifestFacts manifest={version.manifest} />}
        <VersionActions {...props} serving={serving} />
      </div>
    </details>
  );
}

function VersionActions(props: {
  model: ModelView;
  version: ModelVersionView;
  pools: readonly PoolView[];
  serving: boolean;
}) {
  const { model, pools, serving } = props;
  const { state, version } = props.version;
  const admin = useIsAdmin();
  const kept = version === 0 || state === 'accepted' || state === 'aborted';
  const targets = admin && kept && !serving ? pools : [];
  if (version === 0 && targets.length === 0) return null;
  return (
    <div className={styles.actions}>
      {version > 0 && (
        <LinkButton
          icon="series"
          to="/ui/models/$name"
          params={{ name: model.name }}
          search={(before) => ({ ...before, compare: version })}
          hash="comparison"
          replace
        >
          Compare with its champion
        </LinkButton>
      )}
      {targets.map((pool) => (
        <LinkButton
          key={pool.name}
          icon="undo"
          to="/ui/rollout/$pool"
          params={{ pool: pool.name }}
          search={{ rollback: version }}
        >
          Roll back to {versionText(version)}
          {pools.length > 1 && ` in pool ${pool.name}`}…
        </LinkButton>
      ))}
    </div>
  );
}
