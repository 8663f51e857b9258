import type { PartitionView } from '@verdict/contracts';
import type { ModelShown } from '../../api/models.ts';
import { usePools } from '../../api/models.ts';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import styles from './models.module.css';

function servingOf(partition: PartitionView, champion: number): 'champion' | 'other' | 'none' {
  if (partition.holder === null || partition.version === null) return 'none';
  return partition.version === champion ? 'champion' : 'other';
}

function cellText(partition: PartitionView): string {
  if (partition.holder === null) return 'no detector';
  if (partition.lagEvents === null) return 'running';
  return partition.lagEvents === 0 ? 'up to date' : `${partition.lagEvents} behind`;
}

function versionText(version: number): string {
  return version === 0 ? 'built in' : `version ${version}`;
}

/** Which version really serves each partition of the model's pools. */
export function PoolPartitions({ model }: { model: ModelShown }) {
  const pools = usePools();
  if (pools.isError && pools.data === undefined) {
    const again = () => void pools.refetch();
    return <ProblemNotice what="The partitions could not be read" error={pools.error} onRetry={again} />;
  }
  const mine =
    pools.data?.filter((pool) => pool.spec.model === model.name && pool.namespace === model.namespace) ?? [];
  return mine.map((pool) => (
    <section
      key={`${pool.namespace}/${pool.name}`}
      className={styles.section}
      aria-label={`Partitions of pool ${pool.name}`}
    >
      <h3>
        Pool {pool.name}: {pool.members.length} of {pool.spec.replicas} detectors, {pool.partitions.length}{' '}
        partitions
      </h3>
      <ul className={styles.cells}>
        {pool.partitions.map((partition) => (
          <li
            key={partition.partition}
            className={styles.cell}
            data-serving={servingOf(partition, model.champion)}
            title={`Held by ${partition.holder ?? 'nobody'}, epoch ${partition.epoch}`}
          >
            <strong>{partition.version === null ? 'not yet' : versionText(partition.version)}</strong>
            <span>
              partition {partition.partition}, {cellText(partition)}
            </span>
            {partition.planned.version !== partition.version && (
              <span>planned: {versionText(partition.planned.version)}</span>
            )}
            {partition.planned.shadow !== null && <span>beside it: version {partition.planned.shadow}</span>}
          </li>
        ))}
      </ul>
    </section>
  ));
}
