import { readingFlags } from '@verdict/contracts';
import type { EngineResult, ScoredBlock } from '@verdict/detection';
import type { SeriesStatus } from '@verdict/storage';
import { anomalyId } from '../batch/anomaly-record.ts';

/** More signals than this are not listed; a reading may have 100, and they may differ from one to the next. */
const mostSignals = 200;

type Entry = { -readonly [Name in keyof SeriesStatus]: SeriesStatus[Name] };

/** What is to be told about every series, and which of it is not written yet. */
export class SeriesLedger {
  readonly #pool: string;
  /** In the order in which they were last read, the longest silent one first. */
  readonly #entries = new Map<string, Entry>();
  /** Changed since they were last written. */
  readonly #changed = new Set<string>();
  /** Changed in a way that people wait for: new, other state, anomaly opened or closed. */
  readonly #urgent = new Set<string>();
  /** Read since the last snapshot, in the same order as the entries. */
  readonly #read = new Set<string>();
  /** Dropped since the last snapshot; one that came back is in both. */
  readonly #gone = new Set<string>();

  constructor(pool: string) {
    this.#pool = pool;
  }

  get size(): number {
    return this.#entries.size;
  }

  absorb({ scored, anomalies }: Pick<EngineResult, 'scored' | 'anomalies'>): void {
    for (const block of scored) this.#note(block);
    for (const change of anomalies) {
      const entry = this.#entries.get(change.series);
      if (entry === undefined) continue;
      entry.openAnomaly =
        change.kind === 'closed' ? null : anomalyId(this.#pool, change.series, change.startTime);
      if (change.kind !== 'updated') this.#urgent.add(change.series);
    }
  }

  #note({ series, signals, times, score, flags }: ScoredBlock): void {
    const last = times.length - 1;
    const state = ((flags[last] ?? 0) & readingFlags.warming) === 0 ? 'scored' : 'warming';
    const entry = this.#entries.get(series) ?? newEntry(series, times[0] ?? 0);
    if (entry.readings === 0 || entry.state !== state) this.#urgent.add(series);
    entry.signals = union(entry.signals, signals);
    entry.state = state;
    entry.readings += times.length;
    entry.lastMs = times[last] ?? 0;
    entry.score = state === 'scored' ? (score[last] ?? null) : null;
    // Deleted first, so that the order of the map is the order of the last readings.
    this.#entries.delete(series);
    this.#entries.set(series, entry);
    this.#read.delete(series);
    this.#read.add(series);
    this.#changed.add(series);
  }

  /** What is otherwise than in the last snapshot: series that are gone, then those that were read, in their order. */
  sinceSnapshot(): { readonly gone: readonly string[]; readonly read: readonly SeriesStatus[] } {
    const read: SeriesStatus[] = [];
    for (const series of this.#read) {
      const entry = this.#entries.get(series);
      if (entry !== undefined) read.push(entry);
    }
    return { gone: [...this.#gone], read };
  }

  /** A snapshot holds everything that is there now. */
  keep(): void {
    this.#read.clear();
    this.#gone.clear();
  }

  /** Takes what is worth writing now: urgent changes, or with `everything` all that changed. */
  take(everything: boolean): SeriesStatus[] {
    const keys = everything ? new Set([...this.#changed, ...this.#urgent]) : this.#urgent;
    const taken: SeriesStatus[] = [];
    for (const series of keys) {
      const entry = this.#entries.get(series);
      if (entry !== undefined) taken.push({ ...entry });
    }
    for (const series of [...keys]) this.#changed.delete(series);
    this.#urgent.clear();
    return taken;
  }

  /** Drops a series, which can then be read no more. */
  forget(series: string): void {
    if (!this.#entries.delete(series)) return;
    this.#changed.delete(series);
    this.#urgent.delete(series);
    this.#read.delete(series);
    this.#gone.add(series);
  }

  /** Valid until the next call of `absorb`. */
  entries(): Iterable<SeriesStatus> {
    return this.#entries.values();
  }

  static from(pool: string, entries: Iterable<SeriesStatus>): SeriesLedger {
    const ledger = new SeriesLedger(pool);
    for (const entry of entries) ledger.#entries.set(entry.series, { ...entry });
    return ledger;
  }
}

function newEntry(series: string, firstMs: number): Entry {
  const unknown = { readings: 0, lastMs: firstMs, score: null, openAnomaly: null };
  return { series, signals: [], state: 'warming', firstMs, ...unknown };
}

function union(known: readonly string[], given: readonly string[]): readonly string[] {
  if (known === given) return known;
  const added = given.filter((signal) => !known.includes(signal));
  return added.length === 0 ? known : [...known, ...added].slice(0, mostSignals);
}
