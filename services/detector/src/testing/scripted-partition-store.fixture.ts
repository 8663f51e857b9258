import { addFigures, type EngineFigures, noFigures } from '@verdict/detection';
import type {
  AnomalyRecord,
  BatchCommit,
  DeadLetter,
  HistoryRows,
  OutboxEntry,
  PartitionRef,
  PartitionState,
  PartitionStore,
  SeriesStatus,
  ShadowScoring,
  ShadowTrouble,
  SnapshotRef,
  VersionSpan,
} from '@verdict/storage';
import { EpochLost } from '@verdict/streams';
import { addComparisons, noComparison } from '../shadow/compare-scores.ts';

/** A committed reading: its numbers as text, so that equal means equal bit for bit (NaN too). */
export type ReadingText = string;

/** The state of one partition as the database would have it; a commit is whole or nothing. */
export class ScriptedPartitionStore implements PartitionStore {
  epoch = 1;
  checkpoint = -1;
  attempts = 0;
  hub: PartitionState['hub'] = null;
  snapshots: SnapshotRef[] = [];
  spans: VersionSpan[] = [];
  readonly history = new Map<string, ReadingText>();
  /** Readings that were written more than once: must stay empty. */
  readonly writtenTwice: string[] = [];
  readonly anomalies = new Map<string, AnomalyRecord>();
  readonly deadLetters = new Map<string, DeadLetter>();
  readonly statuses = new Map<string, SeriesStatus>();
  readonly counted = { readings: 0, duplicates: 0 };
  /** All that was ever put into the outbox, in order. */
  readonly posted: OutboxEntry[] = [];
  commits = 0;
  /** By version. */
  readonly figures = new Map<number, EngineFigures>();
  /** Failures by version. */
  readonly failures = new Map<number, number>();
  /** By `version beside it shadow`. */
  readonly comparisons = new Map<string, ShadowScoring>();
  readonly shadowTroubles: ShadowTrouble[] = [];
  #outbox: OutboxEntry[] = [];

  async load(ref: PartitionRef): Promise<PartitionState> {
    this.#assertEpoch(ref);
    this.attempts += 1;
    const { checkpoint, attempts, hub } = this;
    return { checkpoint, attempts, hub, snapshots: [...this.snapshots], versions: [...this.spans] };
  }

  async commit(batch: BatchCommit): Promise<{ obsoleteSnapshots: string[] }> {
    this.#assertEpoch(batch.ref);
    if (batch.checkpoint < this.checkpoint) throw new RangeError('the checkpoint went back');
    this.commits += 1;
    this.#writeResults(batch);
    const last = this.spans.at(-1);
    const { version, overlay, shadow } = batch;
    if (last?.version !== version || last.overlay !== overlay || last.shadow !== shadow) {
      const fromSequence = this.checkpoint + 1;
      if (last?.fromSequence === fromSequence) this.spans.pop();
      this.spans.push({ fromSequence, version, overlay, shadow });
    }
    if (batch.checkpoint > this.checkpoint) this.attempts = 0;
    this.checkpoint = batch.checkpoint;
    this.hub ??= batch.hub;
    if (batch.snapshot === null) return { obsoleteSnapshots: [] };
    this.snapshots.unshift(batch.snapshot);
    const heads = this.snapshots.filter(({ base }) => base === null).slice(0, 2);
    const isKept = ({ blob, base }: SnapshotRef) => heads.some((head) => head.blob === (base ?? blob));
    const obsolete = this.snapshots.filter((one) => !isKept(one));
    this.snapshots = this.snapshots.filter(isKept);
    return { obsoleteSnapshots: obsolete.map(({ blob }) => blob) };
  }

  #writeResults(batch: BatchCommit): void {
    for (const { series, rows } of batch.history)
      for (const [key, text] of readingTexts(series, rows)) {
        if (this.history.has(key)) this.writtenTwice.push(key);
        this.history.set(key, text);
      }
    for (const record of batch.anomalies) {
      if ((this.anomalies.get(record.id)?.revision ?? 0) >= record.revision) continue;
      this.anomalies.set(record.id, record);
      const { id: anomalyId, revision, kind } = record;
      const entry = { id: BigInt(this.posted.length), anomalyId, revision, kind };
      this.posted.push(entry);
      this.#outbox.push(entry);
    }
    for (const letter of batch.deadLetters)
      this.deadLetters.set(`${letter.sequence} ${letter.series} ${letter.timeMs}`, letter);
    for (const status of batch.series) this.statuses.set(status.series, status);
    this.counted.readings += batch.counted.readings;
    this.counted.duplicates += batch.counted.duplicates;
    const before = this.figures.get(batch.version) ?? noFigures;
    this.figures.set(batch.version, addFigures(before, batch.figures));
    if (batch.shadow !== null && batch.comparison !== null) {
      const pair = `${batch.version} beside it ${batch.shadow}`;
      const compared = this.comparisons.get(pair) ?? noComparison;
      this.comparisons.set(pair, addComparisons(compared, batch.comparison));
    }
    this.shadowTroubles.push(...batch.shadowTroubles);
  }

  async failed(_pool: string, _partition: string, version: number): Promise<void> {
    this.failures.set(version, (this.failures.get(version) ?? 0) + 1);
  }

  async newestHistory(): Promise<Map<string, number>> {
    const newest = new Map<string, number>();
    for (const key of this.history.keys()) {
      const [series = '', time = ''] = key.split(' ');
      newest.set(series, Math.max(newest.get(series) ?? 0, Number(time)));
    }
    return newest;
  }

  async existsInHistory(
    _pool: string,
    readings: readonly { series: string; timeMs: number }[],
  ): Promise<boolean[]> {
    return readings.map(({ series, timeMs }) => this.history.has(`${series} ${timeMs}`));
  }

  async outbox(_pool: string, _partition: string, limit: number): Promise<OutboxEntry[]> {
    return this.#outbox.slice(0, limit);
  }

  async told(ids: readonly bigint[]): Promise<void> {
    this.#outbox = this.#outbox.filter(({ id }) => !ids.includes(id));
  }

  #assertEpoch({ epoch }: PartitionRef): void {
    if (epoch !== this.epoch) throw new EpochLost(`epoch ${epoch} is not ${this.epoch}`);
  }
}

/** Rows as text by `series time`. */
export function readingTexts(series: string, rows: HistoryRows): [string, ReadingText][] {
  const width = rows.signals.length;
  return [...rows.times].map((time, row) => {
    const cells = rows.signals.map((signal, index) => {
      const at = row * width + index;
      return `${signal}=${rows.values[at]},${rows.expected[at]},${rows.band[at]}`;
    });
    const known = cells.filter((cell) => !cell.endsWith('=NaN,NaN,NaN')).sort();
    return [`${series} ${time}`, `${rows.score[row]} ${rows.flags[row]} ${known.join(' ')}`];
  });
}
