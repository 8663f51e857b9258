import type { ManifestSummary } from '@verdict/contracts';
import { TimeText } from '../../components/time-text.tsx';
import { formatNumber } from '../../lib/quantity.ts';
import { formatDuration } from '../../lib/time-text.ts';
import { labelsText, taughtText } from './labels-text.ts';
import styles from './versions.module.css';

/** What a version was made of: which history, which verdicts, and how. */
export function ManifestFacts({ manifest }: { manifest: ManifestSummary }) {
  const { training } = manifest;
  return (
    <dl className={styles.pairs}>
      <dt>Verdicts that went in</dt>
      <dd>{labelsText(manifest.labels)}</dd>
      <dt>Taught as normal</dt>
      <dd>{taughtText(manifest.taught)}</dd>
      <dt>Trained on</dt>
      <dd>
        {formatNumber(training.readings, 6)} readings of {formatNumber(training.series, 6)} series,{' '}
        {formatNumber(training.windows, 6)} windows
      </dd>
      <dt>From</dt>
      <dd>
        <TimeText at={training.from} /> to <TimeText at={training.to} />
      </dd>
      <dt>Training</dt>
      <dd>
        {training.epochs} epochs in {formatDuration(training.seconds * 1000)}, seed {training.seed}
      </dd>
      <dt>Loss on held-back windows</dt>
      <dd>
        {formatNumber(training.lossBefore)} before, {formatNumber(training.lossAfter)} after
      </dd>
      <dt>Window</dt>
      <dd>
        {manifest.window} readings,{' '}
        {manifest.signals === 'each' ? 'every signal by itself' : manifest.signals.join(', ')}
      </dd>
      <dt>SHA-256</dt>
      <dd>
        <code>{manifest.sha256}</code>
      </dd>
    </dl>
  );
}
