/** What keeping state costs a detector. */
export interface SnapshotFigures {
  /** What a restore of all partitions reads: whole snapshots and the changes behind them. */
  readonly bytes: number;
  /** Snapshots taken since the detectors were started, and how long one took. */
  readonly taken: number;
  readonly secondsEach: number;
  readonly whole: SnapshotsOfAKind;
  readonly changes: SnapshotsOfAKind;
}

/** Snapshots since the detectors were started. */
export interface SnapshotsOfAKind {
  readonly taken: number;
  readonly secondsEach: number;
  readonly bytesEach: number;
}

/** Reads them from what detectors say at `/metrics`. */
export function snapshotFigures(pages: readonly string[]): SnapshotFigures {
  const sum = (name: string, label = '') =>
    pages.reduce((total, page) => total + totalOf(page, name, label), 0);
  const taken = sum('verdict_detector_snapshot_seconds_count');
  const ofKind = (kind: string): SnapshotsOfAKind => {
    const label = `kind="${kind}"`;
    const count = sum('verdict_detector_snapshot_seconds_count', label);
    return {
      taken: count,
      secondsEach: sum('verdict_detector_snapshot_seconds_sum', label) / Math.max(1, count),
      bytesEach: sum('verdict_detector_snapshot_written_bytes_total', label) / Math.max(1, count),
    };
  };
  return {
    bytes: sum('verdict_detector_snapshot_bytes'),
    taken,
    secondsEach: sum('verdict_detector_snapshot_seconds_sum') / Math.max(1, taken),
    whole: ofKind('whole'),
    changes: ofKind('changes'),
  };
}

/** Sum over all labels, or those that have this one. */
function totalOf(page: string, name: string, label: string): number {
  let sum = 0;
  for (const line of page.split('\n'))
    if ((line.startsWith(`${name} `) || line.startsWith(`${name}{`)) && line.includes(label))
      sum += Number(line.slice(line.lastIndexOf(' ')));
  return sum;
}
