import type { FalseAlarmMemory, QuietPattern } from '@verdict/detection';
import { type Logger, noTracing, RecentMap, type Tracing } from '@verdict/process';
import type { OverlayEntry, OverlayStore } from '@verdict/storage';

/** One numbered state of the pool's false-alarm memory. Never changed, only replaced. */
export interface Overlay {
  readonly number: number;
  readonly memory: FalseAlarmMemory;
}

/** What holds before anything was ever called a false alarm. */
export const noOverlay: Overlay = { number: 0, memory: new Map() };

/** Numbered states, for whoever has to go on where one was in force. */
export interface OverlaysAtHand {
  /** Rejects when the store cannot be asked. */
  load(number: number): Promise<Overlay>;
}

type Store = Pick<OverlayStore, 'head' | 'entries' | 'causeOf'>;

interface Surroundings {
  readonly logger: Logger;
  readonly tracing?: Tracing | undefined;
}

/** States that are kept: the newest, and those that replays on other partitions need just now. */
const mostKept = 4;

/** The false-alarm memory of one pool; each state is loaded once and shared by all partitions. */
export class OverlayShelf implements OverlaysAtHand {
  readonly #store: Store;
  readonly #pool: string;
  readonly #logger: Logger;
  readonly #tracing: Tracing;
  /** Also those that are loaded; the ones that were asked for last are kept. */
  readonly #loading = new RecentMap<number, Promise<Overlay>>(mostKept);
  #trouble: string | null = null;

  constructor(store: Store, pool: string, { logger, tracing = noTracing }: Surroundings) {
    this.#store = store;
    this.#pool = pool;
    this.#logger = logger;
    this.#tracing = tracing;
  }

  load(number: number): Promise<Overlay> {
    if (number === 0) return Promise.resolve(noOverlay);
    const overlay = this.#loading.get(number) ?? this.#load(number);
    this.#loading.set(number, overlay);
    return overlay;
  }

  async #load(number: number): Promise<Overlay> {
    try {
      return { number, memory: memoryOf(await this.#store.entries(this.#pool, number)) };
    } catch (error) {
      this.#loading.delete(number);
      throw error;
    }
  }

  /** Loads a state in the trace of what led to it: a person's answer, most often. */
  async #receive(number: number): Promise<Overlay> {
    const tracing = this.#tracing;
    if (!tracing.on) return this.load(number);
    const attributes = { 'verdict.pool': this.#pool, 'verdict.overlay': number };
    const parent = await this.#store.causeOf(this.#pool, number);
    return tracing.span('take memory', { kind: 'consumer', attributes, parent }, () => this.load(number));
  }

  /** The newest state; when the store cannot be asked, the one `before`. Rejects only when there is none. */
  async newest(before: Overlay | null): Promise<Overlay> {
    try {
      const number = await this.#store.head(this.#pool);
      const isNew = before !== null && number !== before.number;
      const overlay = await (isNew ? this.#receive(number) : this.load(number));
      if (isNew)
        this.#logger.info({ overlay: overlay.number, series: overlay.memory.size }, 'new false-alarm memory');
      this.#trouble = null;
      return overlay;
    } catch (error) {
      if (before === null) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      if (this.#trouble !== reason)
        this.#logger.warn({ reason }, 'the false-alarm memory cannot be read; the last one stays in force');
      this.#trouble = reason;
      return before;
    }
  }
}

function memoryOf(entries: readonly OverlayEntry[]): FalseAlarmMemory {
  const memory = new Map<string, QuietPattern[]>();
  for (const { series, patterns, untilMs } of entries) {
    const quiet = patterns.map((pattern) => ({ pattern, untilMs }));
    const known = memory.get(series);
    if (known === undefined) memory.set(series, quiet);
    else known.push(...quiet);
  }
  return memory;
}
