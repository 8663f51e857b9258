import type { AnomalyTracker } from '../anomalies/anomaly-tracker.ts';
import type { AnomalyChange } from '../engine-result.ts';
import type { Slot } from '../state/memory.ts';

/** What the engine remembers of one series: mostly slots of numbers, and the anomaly that it is in. */
export class Series {
  readonly key: string;
  readonly slot: Slot;
  /** `null` while the series is quiet, which most are most of the time. */
  tracker: AnomalyTracker | null = null;
  /** Names of its units; that of a model with a declared list has the empty name. */
  unitNames: string[] = [];
  /** In the same order. */
  units: Slot[] = [];
  /** Signals of the newest block, and the unit of each if there is one. */
  signals: readonly string[] = [];
  signalUnits: (Slot | undefined)[] = [];

  // Where it stands in the call that is running.

  /** Numbers of its next block and of its last one; −1 = none. */
  nextBlock = -1;
  lastBlock = -1;
  nextRow = 0;
  changes: AnomalyChange[] | null = null;

  constructor(key: string, slot: Slot) {
    this.key = key;
    this.slot = slot;
  }

  get isInCall(): boolean {
    return this.lastBlock >= 0;
  }

  endCall(): void {
    this.nextBlock = -1;
    this.lastBlock = -1;
    this.nextRow = 0;
    this.changes = null;
  }
}
