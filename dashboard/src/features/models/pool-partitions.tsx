import { Link } from '@tanstack/react-router';
import type { ModelView, PoolView } from '@verdict/contracts';
import { useState } from 'react';
import { PartitionCells, PartitionLegend } from '../../components/partition-cells.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { partitionsPerVersion } from '../../lib/partition-look.ts';
import { versionText } from '../../lib/version-text.ts';
import styles from './models.module.css';
import { usePoolsOf } from './use-pools-of.ts';

/** Which version really serves each partition of the model's pools. */
export function PoolPartitions({ model }: { model: ModelView }) {
  const { pools, query } = usePoolsOf(model);
  if (query.isError && query.data === undefined) {
    const again = () => void query.refetch();
    return <ProblemNotice what="The partitions could not be read" error={query.error} onRetry={again} />;
  }
  return pools.map((pool) => (
    <OnePool key={`${pool.namespace}/${pool.name}`} pool={pool} champion={model.champion} />
  ));
}

function OnePool({ pool, champion }: { pool: PoolView; champion: number }) {
  const [shown, setShown] = useState<string | null>(null);
  const { state } = pool.rollout;
  const versions = { champion: state?.champion ?? champion, candidate: state?.candidate ?? null };
  const served = partitionsPerVersion(pool.partitions)
    .map(({ count, version }) => `${count} by ${versionText(version)}`)
    .join(', ');
  return (
    <section className={styles.section} aria-label={`Partitions of pool ${pool.name}`}>
      <h3>
        Pool {pool.name}: {pool.members.length} of {pool.spec.replicas} detectors, {pool.partitions.length}{' '}
        partitions
      </h3>
      <p className={styles.muted}>
        {served === '' ? 'Served by nobody yet.' : `Served: ${served}.`}{' '}
        <Link to="/ui/rollout/$pool" params={{ pool: pool.name }} search={{}}>
          Rollout of pool {pool.name}
        </Link>
      </p>
      {pool.partitions.length > 0 && (
        <>
          <PartitionCells
            label={`Partitions of ${pool.name}`}
            partitions={pool.partitions}
            versions={versions}
            shown={shown}
            onShow={setShown}
          />
          <PartitionLegend versions={versions} partitions={pool.partitions} />
        </>
      )}
    </section>
  );
}
