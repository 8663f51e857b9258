import type { AnomalyPolicy } from '../detection-settings.ts';
import type { StateReader, StateWriter } from '../state/state-codec.ts';
import { odds } from './odds.ts';

/** Right after a known false alarm, what is less than this part as odd belongs to it; the part falls to 0 with its wake. */
const part = 0.8;

/**
 * What follows on quieted readings. A false alarm that is known leaves an echo, as every anomaly does: for as long as
 * windows and averages hold it, readings are a little odd in ways that look like nothing. An anomaly that people are
 * told of takes such readings in, and rests; one that they are not told of has a wake, as long as the two together,
 * that fades as they forget.
 */
export class QuietedWake {
  #left = 0;
  #peak = 0;

  get isOver(): boolean {
    return this.#left === 0;
  }

  /** Goes on to the next reading. @param quieted the score that it would have, were it not quieted; null = it was not */
  follow(quieted: number | null, policy: AnomalyPolicy): void {
    if (quieted === null) {
      this.#left = Math.max(0, this.#left - 1);
      return;
    }
    this.#peak = this.isOver ? quieted : Math.max(this.#peak, quieted);
    this.#left = lengthOf(policy);
  }

  /** Whether an alarm is not odd enough to be told. */
  holds(score: number, policy: AnomalyPolicy): boolean {
    return odds(score) < part * (this.#left / lengthOf(policy)) * odds(this.#peak);
  }

  write(to: StateWriter): void {
    to.f64(this.#left);
    to.f64(this.#peak);
  }

  read(from: StateReader): void {
    this.#left = from.f64();
    this.#peak = from.f64();
  }
}

/** In readings. */
function lengthOf({ closeAfterQuietReadings, restReadings }: AnomalyPolicy): number {
  return closeAfterQuietReadings + restReadings;
}
