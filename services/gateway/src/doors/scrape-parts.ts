import type { Reading } from '@verdict/contracts';
import { RecentMap } from '@verdict/process';

/** Readings remembered: the parts of a scrape follow each other closely. */
const readingsKept = 20_000;

/** Which part of a split reading brought each signal: 0 = the first. */
interface Parts {
  readonly bySignal: Map<string, number>;
  next: number;
}

/**
 * Keeps apart the parts of a scrape that its sender spread over several requests: readings of one series and time
 * with other signals. The second one would count as a repeated reading, so it gets the next millisecond, and so on.
 * What was sent before comes again with the same time, so a repeated request stays harmless.
 */
export class ScrapeParts {
  readonly #known = new RecentMap<string, Parts>(readingsKept);

  /** The reading, or its parts where some of its signals were sent before and others were not. */
  place(reading: Reading): Reading[] {
    const key = `${reading.series} ${reading.time}`;
    const signals = Object.keys(reading.values);
    const known = this.#known.get(key);
    if (known === undefined) {
      this.#known.set(key, { bySignal: new Map(signals.map((signal) => [signal, 0])), next: 1 });
      return [reading];
    }
    const parts = new Map<number, Reading['values']>();
    let hasNew = false;
    for (const signal of signals) {
      const part = known.bySignal.get(signal) ?? known.next;
      if (part === known.next) {
        known.bySignal.set(signal, part);
        hasNew = true;
      }
      const values = parts.get(part) ?? {};
      values[signal] = reading.values[signal] ?? null;
      parts.set(part, values);
    }
    if (hasNew) known.next += 1;
    return [...parts].map(([part, values]) => ({ ...reading, time: reading.time + part, values }));
  }
}
