import type { AnomalyTracker } from '../anomalies/anomaly-tracker.ts';
import type { Slot } from '../state/memory.ts';

/** What the engine remembers of one series: mostly slots of numbers, and the anomaly that it is in. */
export class Series {
  readonly key: string;
  readonly slot: Slot;
  /** Number of the call that it was part of last, and its place in that one. */
  call = 0;
  place = 0;
  /** `null` while the series is quiet, which most are most of the time. */
  tracker: AnomalyTracker | null = null;
  /** Signals of the newest block, and the unit of each if there is one. */
  signals: readonly string[] = [];
  signalUnits: (Slot | undefined)[] = [];
  /** Names of its units; that of a model with a declared list has the empty name. */
  unitNames: string[] = [];
  /** In the same order. */
  units: Slot[] = [];

  constructor(key: string, slot: Slot) {
    this.key = key;
    this.slot = slot;
  }
}
