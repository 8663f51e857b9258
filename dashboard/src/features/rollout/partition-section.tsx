import type { PartitionView, PoolView } from '@verdict/contracts';
import { useState } from 'react';
import { PartitionCells, PartitionLegend } from '../../components/partition-cells.tsx';
import { lagText } from '../../lib/partition-look.ts';
import { formatNumber } from '../../lib/quantity.ts';
import { versionName } from '../../lib/version-text.ts';
import styles from './rollout.module.css';

/** The partitions as cells, and what is known of the one that is pointed at. */
export function PartitionSection({ pool }: { pool: PoolView }) {
  const [shown, setShown] = useState<string | null>(null);
  const { partitions } = pool;
  const champion = pool.rollout.state?.champion ?? mostServed(partitions);
  const versions = { champion, candidate: pool.rollout.state?.candidate ?? null };
  const pointed = partitions.find(({ partition }) => partition === shown) ?? partitions[0];
  return (
    <section className={styles.section} aria-label={`Partitions of pool ${pool.name}`}>
      <h3>Partitions</h3>
      {partitions.length === 0 ? (
        <p className={styles.muted}>No partition was claimed yet: detectors do so when they start.</p>
      ) : (
        <>
          <PartitionLegend versions={versions} partitions={partitions} />
          <PartitionCells
            label="Partitions"
            partitions={partitions}
            versions={versions}
            shown={shown}
            onShow={setShown}
          />
          <div className={styles.pointed}>{pointed !== undefined && <About partition={pointed} />}</div>
        </>
      )}
    </section>
  );
}

function mostServed(partitions: readonly PartitionView[]): number {
  return partitions.find(({ version }) => version !== null)?.version ?? 0;
}

function About({ partition }: { partition: PartitionView }) {
  const { planned, version } = partition;
  const figures = partition.figures.find((one) => one.version === version);
  return (
    <dl className={styles.pairs} aria-label={`Partition ${partition.partition}`}>
      <dt>Partition {partition.partition}</dt>
      <dd>
        {version === null ? 'nothing committed yet' : versionName(version)}
        {planned.version !== version && `, planned: ${versionName(planned.version)}`}
        {planned.shadow !== null && `, beside it ${versionName(planned.shadow)}`}
      </dd>
      <dt>Held by</dt>
      <dd>
        {partition.holder === null ? 'nobody' : <code>{partition.holder}</code>}, epoch {partition.epoch}
      </dd>
      <dt>Lag</dt>
      <dd>{lagText(partition)}</dd>
      <dt>Readings</dt>
      <dd>
        {formatNumber(partition.readings, 6)}
        {figures !== undefined &&
          `; by this version ${formatNumber(figures.readings, 6)}: ${formatNumber(figures.anomalies, 6)} anomalies, ${formatNumber(figures.alarms, 6)} readings in alarm, ${formatNumber(figures.quieted, 6)} kept quiet, ${formatNumber(figures.errors, 6)} errors`}
      </dd>
    </dl>
  );
}
