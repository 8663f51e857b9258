import type { PartitionView } from '@verdict/contracts';
import { ToggleGroup } from 'radix-ui';
import { cellMark, lagText, type PoolVersions, partitionName, roleOf } from '../lib/partition-look.ts';
import { versionMark } from '../lib/version-text.ts';
import styles from './partition-cells.module.css';

/**
 * One cell per partition, with the version that serves it in letters, colour and border. Arrow keys go from cell to
 * cell; `onShow` is told which one is pointed at or has the focus.
 */
export function PartitionCells(props: {
  label: string;
  partitions: readonly PartitionView[];
  versions: PoolVersions;
  shown: string | null;
  onShow: (partition: string) => void;
}) {
  return (
    <ToggleGroup.Root
      type="single"
      className={styles.cells}
      aria-label={props.label}
      value={props.shown ?? ''}
      onValueChange={(value) => value !== '' && props.onShow(value)}
    >
      {props.partitions.map((partition) => (
        <ToggleGroup.Item
          key={partition.partition}
          value={partition.partition}
          className={styles.cell}
          data-role={roleOf(partition, props.versions)}
          aria-label={partitionName(partition, props.versions)}
          onFocus={() => props.onShow(partition.partition)}
          onPointerEnter={() => props.onShow(partition.partition)}
        >
          <strong>
            {cellMark(partition)}
            {partition.planned.version !== partition.version && (
              <span className={styles.next}> → {versionMark(partition.planned.version)}</span>
            )}
          </strong>
          <span>p{partition.partition}</span>
          <span>{lagText(partition)}</span>
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}

/** What the colours and borders of the cells mean; of the rarer ones those that are there. */
export function PartitionLegend(props: { versions: PoolVersions; partitions: readonly PartitionView[] }) {
  const { champion, candidate } = props.versions;
  const roles = new Set(props.partitions.map((partition) => roleOf(partition, props.versions)));
  const keys = [
    { role: 'champion', text: `champion, ${versionMark(champion)}`, there: true },
    {
      role: 'candidate',
      text: `candidate, ${candidate === null ? '' : versionMark(candidate)}`,
      there: candidate !== null,
    },
    { role: 'other', text: 'another version', there: roles.has('other') },
    { role: 'none', text: 'served by nobody', there: roles.has('none') },
  ];
  return (
    <ul className={styles.legend} aria-label="What the cells mean">
      {keys
        .filter(({ there }) => there)
        .map(({ role, text }) => (
          <li key={role}>
            <span className={styles.swatch} data-role={role} aria-hidden="true" />
            {text}
          </li>
        ))}
    </ul>
  );
}
