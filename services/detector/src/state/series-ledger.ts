import { readingFlags } from '@verdict/contracts';
import type { EngineResult, ScoredBlock, Sliced } from '@verdict/detection';
import type { SeriesStatus } from '@verdict/storage';
import { anomalyId } from '../batch/anomaly-record.ts';

/** More signals than this are not listed; a reading may have 100, and they may differ from one to the next. */
const mostSignals = 200;

type Entry = { -readonly [Name in keyof SeriesStatus]: SeriesStatus[Name] };

interface Place {
  readonly status: Entry;
  /** Larger than that of all series that were last read before it. */
  readAt: number;
  /** Number of the snapshot that will be the first to hold its last reading. */
  readFor: number;
}

/** What is to be told about every series, and which of it is not written yet. */
export class SeriesLedger {
  readonly #pool: string;
  readonly #places = new Map<string, Place>();
  // The order in which series were last read is made when somebody asks for it, which is seldom. To keep them in it,
  // in a list or a map, fetches the neighbours of each series from memory with every block.
  #lastReadAt = 0;
  /** Read since the last snapshot; those that were dropped since are left. */
  #read: Place[] = [];
  /** Those that have changed since they were last written, whoever has waited longest first. */
  readonly #changed = new Set<Place>();
  /** Changed in a way that people wait for: new, other state, anomaly opened or closed. */
  readonly #urgent = new Set<string>();
  /** Dropped since the last snapshot; one that came back is there as well. */
  readonly #gone = new Set<string>();
  #nextSnapshot = 1;

  constructor(pool: string) {
    this.#pool = pool;
  }

  get size(): number {
    return this.#places.size;
  }

  absorb({ scored, anomalies }: Pick<EngineResult, 'scored' | 'anomalies'>): void {
    for (const block of scored) this.#note(block);
    for (const change of anomalies) {
      const status = this.#places.get(change.series)?.status;
      if (status === undefined) continue;
      status.openAnomaly =
        change.kind === 'closed' ? null : anomalyId(this.#pool, change.series, change.startTime);
      if (change.kind !== 'updated') this.#urgent.add(change.series);
    }
  }

  #note({ series, signals, times, score, flags }: ScoredBlock): void {
    const last = times.length - 1;
    const state = ((flags[last] ?? 0) & readingFlags.warming) === 0 ? 'scored' : 'warming';
    const place = this.#places.get(series) ?? this.#add(newEntry(series, times[0] ?? 0));
    const { status } = place;
    if (status.readings === 0 || status.state !== state) this.#urgent.add(series);
    status.signals = union(status.signals, signals);
    status.state = state;
    status.readings += times.length;
    status.lastMs = times[last] ?? 0;
    status.score = state === 'scored' ? (score[last] ?? null) : null;
    this.#lastReadAt += 1;
    place.readAt = this.#lastReadAt;
    if (place.readFor !== this.#nextSnapshot) {
      place.readFor = this.#nextSnapshot;
      this.#read.push(place);
    }
    this.#changed.add(place);
  }

  #add(status: Entry): Place {
    this.#lastReadAt += 1;
    const place = { status, readAt: this.#lastReadAt, readFor: 0 };
    this.#places.set(status.series, place);
    return place;
  }

  /** What is otherwise than in the last snapshot: series that are gone, then those that were read, in their order. */
  sinceSnapshot(): { readonly gone: readonly string[]; readonly read: readonly SeriesStatus[] } {
    const read = this.#read.filter((place) => this.#places.get(place.status.series) === place);
    return { gone: [...this.#gone], read: inOrder(read) };
  }

  /** A snapshot holds everything that is there now. */
  keep(): void {
    this.#nextSnapshot += 1;
    this.#read = [];
    this.#gone.clear();
  }

  /** Whether something has changed that is not written. */
  get isUnwritten(): boolean {
    return this.#urgent.size > 0 || this.#changed.size > 0;
  }

  /** Takes what is to be written now: urgent changes, and at most so many others, those that wait longest first. */
  take(others: number): SeriesStatus[] {
    const taken: SeriesStatus[] = [];
    const take = (place: Place): void => {
      taken.push({ ...place.status });
      this.#changed.delete(place);
    };
    for (const series of this.#urgent) {
      const place = this.#places.get(series);
      if (place !== undefined) take(place);
    }
    this.#urgent.clear();
    const most = taken.length + others;
    for (const place of this.#changed) {
      if (taken.length >= most) break;
      take(place);
    }
    return taken;
  }

  /** Drops a series, which can then be read no more. */
  forget(series: string): void {
    const place = this.#places.get(series);
    if (place === undefined) return;
    this.#places.delete(series);
    this.#changed.delete(place);
    this.#urgent.delete(series);
    this.#gone.add(series);
  }

  /** The longest silent first; valid until the next call of `absorb`. */
  entries(): readonly SeriesStatus[] {
    return inOrder([...this.#places.values()]);
  }

  /** What of a ledger was written nobody knows by a snapshot, so all of it is to be written again. */
  static *from(pool: string, entries: Iterable<SeriesStatus>): Sliced<SeriesLedger> {
    const ledger = new SeriesLedger(pool);
    for (const entry of entries) {
      ledger.#changed.add(ledger.#add({ ...entry }));
      yield 'step';
    }
    return ledger;
  }
}

/** In the order in which they were last read. */
function inOrder(places: Place[]): readonly SeriesStatus[] {
  return places.sort((one, other) => one.readAt - other.readAt).map(({ status }) => status);
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
