import type { FalseAlarmMemory } from './anomalies/alarm-pattern.ts';
import type { DetectionModel } from './detection-model.ts';
import type { AnomalyPolicy } from './detection-settings.ts';
import type { AnomalyChange, EngineResult } from './engine-result.ts';
import type { SeriesBlock } from './series-block.ts';
import type { Sliced } from './state/sliced.ts';

export interface EngineOptions {
  readonly model: DetectionModel;
  /** What is not given is that of the model: see `policyOf`. */
  readonly policy?: Partial<AnomalyPolicy>;
}

/** Where one series stands. */
export interface SeriesStatus {
  readonly key: string;
  /** Event time of the newest accepted reading, epoch ms. */
  readonly newestTime: number;
  /** Accepted readings since the series was first seen (or last forgotten). */
  readonly readings: number;
  readonly state: 'warming' | 'scored';
  /** Last change of the anomaly that is open, if any. */
  readonly openAnomaly: AnomalyChange | null;
}

/**
 * Scores readings as they come; keeps the state of every series in memory; knows neither clock nor chance.
 *
 * Results depend on the readings of a series and their order alone: not on how they are cut into blocks and
 * calls, nor on the other series. Calls must not overlap; one that does is rejected.
 */
export interface DetectionEngine {
  /** The version that scores. */
  readonly version: number;
  process(blocks: readonly SeriesBlock[]): Promise<EngineResult>;
  /**
   * Changes the model version between two batches. What belongs to the version is filled by rescoring each
   * series' recent readings, so no warm-up follows. A model with another list of signals starts its units
   * anew; open anomalies and known times stay.
   */
  swap(model: DetectionModel): Promise<void>;
  /**
   * Changes the false-alarm memory between two batches. It decides which alarms are raised and so which anomalies are
   * opened; nothing that is learnt depends on it, and no snapshot holds it. Open anomalies close through quiet readings
   * as usual.
   */
  setMemory(memory: FalseAlarmMemory): void;
  /**
   * Goes on with the anomalies of another engine, between two batches: what is open there is open here, and rests are
   * the same, series by series. Its own are forgotten, and the other engine keeps what it has. For an engine that was
   * scored beside the other over the same readings and takes its place: people know of that one's anomalies alone.
   */
  takeAnomalies(from: DetectionEngine): void;
  /** The whole state, canonical: equal states give equal bytes. */
  snapshot(): Uint8Array;
  /** As {@link snapshot}, in steps. Until the last one the engine must be left alone, here and with what follows. */
  snapshotSteps(): Sliced<Uint8Array>;
  /** Remembers the state of now, so that {@link changesSteps} can tell what is otherwise later. */
  markSteps(): Sliced<void>;
  /**
   * The state of what has changed since the last mark, and marks anew; to be restored after the snapshot that was taken
   * at the first mark and all changes since. `null` when there is no mark, or everything has changed since (another
   * model, other anomalies): take a snapshot, and mark.
   */
  changesSteps(): Sliced<Uint8Array | null>;
  /** In the order of the keys. */
  series(): Iterable<SeriesStatus>;
  /** Drops a series' state. @returns whether it was known. */
  forget(series: string): boolean;
}
