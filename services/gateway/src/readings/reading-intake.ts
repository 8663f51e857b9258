import type { Reading } from '@verdict/contracts';
import type { DataSender } from './data-sender.ts';
import type { DoorNotes } from './door-notes.ts';
import type { ReadingMetrics, RefusalReason } from './reading-metrics.ts';

/** What every door has in common: whatever the readings came as, they are taken, counted and noted here. */
export interface ReadingIntake {
  /** Resolves when the hub has all of them. Throws `StreamUnavailable` when it may have only some. */
  take(readings: readonly Reading[]): Promise<void>;
  /** Counts what was refused, and shows it in coverage where the series is known. */
  refuse(refusal: Refusal): void;
}

/** What was refused, and why. */
export interface Refusal {
  readonly reason: RefusalReason;
  /** Key of the series; null when it is not known. */
  readonly series: string | null;
  /** What is wrong, as the end of a sentence. */
  readonly message: string;
  readonly count: number;
}

/** Makes the intake; `isWanted` says whether some model wants a series (null = not known now). */
export function readingIntake(parts: {
  readonly sender: DataSender;
  readonly notes: DoorNotes;
  readonly metrics: ReadingMetrics;
  readonly isWanted: (series: string) => boolean | null;
}): ReadingIntake {
  const { sender, notes, metrics, isWanted } = parts;
  return {
    async take(readings) {
      await sender.send(readings);
      metrics.accepted(readings.length);
      for (const { series } of readings)
        if (isWanted(series) === false) notes.note(series, 'unassigned', 'no model is for this series');
    },
    refuse({ reason, series, message, count }) {
      metrics.refused(reason, count);
      if (series !== null)
        notes.note(series, 'refused', `its last readings were refused: ${message}`.slice(0, 300));
    },
  };
}
