import type { ModelShown, VersionShown } from '../../api/models.ts';
import { Icon } from '../../components/icon.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { formatNumber } from '../../lib/quantity.ts';
import { EvaluationFigures } from './evaluation-figures.tsx';
import { ManifestFacts } from './manifest-facts.tsx';
import styles from './models.module.css';
import { VersionStateWord } from './state-word.tsx';

function inShort(version: VersionShown): string {
  if (version.version === 0) return 'robust z-score, range and flat-line rules; needs no training';
  if (version.evaluation !== null)
    return version.evaluation.reasons[0] ?? (version.evaluation.accepted ? 'accepted' : 'refused');
  if (version.manifest !== null)
    return `trained on ${formatNumber(version.manifest.training.readings)} readings, not judged yet`;
  return 'not judged yet';
}

/** The versions, newest first; each opens to its training and its judgement. */
export function VersionList({ model }: { model: ModelShown }) {
  const versions = [...model.versions].sort((a, b) => b.version - a.version);
  return (
    <section className={styles.section} aria-label="Versions">
      <h3>Versions</h3>
      {versions.length === 0 && <p className={styles.muted}>None learnt yet: the built-in rules serve.</p>}
      <div className={styles.versions}>
        {versions.map((version) => (
          <details
            key={version.version}
            className={styles.version}
            open={version.version === model.champion && version.version > 0}
          >
            <summary>
              <Icon name="forward" size={12} />
              <strong>Version {version.version}</strong>
              <VersionStateWord state={version.state} serving={version.version === model.champion} />
              <span>
                <TimeText at={version.createdAt} />
              </span>
              <span>{inShort(version)}</span>
            </summary>
            <div className={styles.about}>
              {version.version === 0 && (
                <p>Built in: it serves from the first reading, and its scores are provisional.</p>
              )}
              {version.evaluation !== null && (
                <EvaluationFigures evaluation={version.evaluation} version={version.version} />
              )}
              {version.manifest !== null && <ManifestFacts manifest={version.manifest} />}
            </div>
          </details>
        ))}
      </div>
    </section>
  );
}
