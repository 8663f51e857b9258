/** What keeping state costs a detector. */
export interface SnapshotFigures {
  /** The newest snapshots of all partitions together. */
  readonly bytes: number;
  /** Snapshots taken since the detectors were started, and how long one took. */
  readonly taken: number;
  readonly secondsEach: number;
}

/** Reads them from what detectors say at `/metrics`. */
export function snapshotFigures(pages: readonly string[]): SnapshotFigures {
  const sum = (name: string) => pages.reduce((total, page) => total + totalOf(page, name), 0);
  const taken = sum('verdict_detector_snapshot_seconds_count');
  return {
    bytes: sum('verdict_detector_snapshot_bytes'),
    taken,
    secondsEach: sum('verdict_detector_snapshot_seconds_sum') / Math.max(1, taken),
  };
}

/** Sum over all labels. */
function totalOf(page: string, name: string): number {
  let sum = 0;
  for (const line of page.split('\n'))
    if (line.startsWith(`${name} `) || line.startsWith(`${name}{`))
      sum += Number(line.slice(line.lastIndexOf(' ')));
  return sum;
}
