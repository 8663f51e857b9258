import { bySeries, rowAt, type TrainingBlock } from './training-block.ts';

/** A stretch of one series of which people said what it was. */
export interface KnownEvent {
  readonly kind: 'confirmed' | 'false-alarm' | 'missed';
  readonly series: string;
  /** Epoch ms, both ends included. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Whether the candidate learnt it, so that it proves nothing. */
  readonly taught: boolean;
}

/** Readings around an event in which an alarm belongs to it: verdicts mark where it was seen, not where it began. */
export const eventMargin = 8;

/** Finds where events lie in history, margins included. */
export class EventPlaces {
  readonly #times = new Map<string, Float64Array>();

  constructor(blocks: readonly TrainingBlock[]) {
    for (const group of bySeries(blocks)) {
      const times = Float64Array.from(group.flatMap((block) => [...block.times])).sort();
      this.#times.set(group[0]?.series ?? '', times);
    }
  }

  /** First and last event time that belong to the event; null when it has no reading in the history. */
  of({ series, fromMs, toMs }: Pick<KnownEvent, 'series' | 'fromMs' | 'toMs'>): [number, number] | null {
    const times = this.#times.get(series);
    if (times === undefined) return null;
    const one = { series, signals: [], times, values: new Float32Array(0) };
    const [first, behind] = [rowAt(one, fromMs), rowAt(one, toMs + 1)];
    if (behind <= first) return null;
    const from = times[Math.max(0, first - eventMargin)] ?? fromMs;
    return [from, times[Math.min(times.length, behind + eventMargin) - 1] ?? toMs];
  }
}
