import { Subscribers } from './subscribers.ts';

const storageKey = 'verdict.read';
/** Ids remembered beside the watermark; the oldest are forgotten first and then count as read. */
const mostIds = 2000;

interface Kept {
  /** Everything that started earlier counts as read. */
  beforeMs: number;
  ids: string[];
}

/** Which anomalies have been looked at in this browser. */
export class ReadMarks {
  readonly #subscribers = new Subscribers();
  readonly #storage: Pick<Storage, 'getItem' | 'setItem'>;
  #beforeMs = 0;
  #ids = new Set<string>();
  #version = 0;

  constructor(storage: Pick<Storage, 'getItem' | 'setItem'>) {
    this.#storage = storage;
    try {
      const kept = JSON.parse(storage.getItem(storageKey) ?? 'null') as Partial<Kept> | null;
      if (typeof kept?.beforeMs === 'number') this.#beforeMs = kept.beforeMs;
      if (Array.isArray(kept?.ids)) this.#ids = new Set(kept.ids.filter((id) => typeof id === 'string'));
    } catch {
      // Something else wrote there: begin anew, the marks are a convenience.
      this.#ids = new Set();
    }
  }

  readonly subscribe = (listener: () => void): (() => void) => this.#subscribers.add(listener);

  /** Grows with every change: what `useSyncExternalStore` compares. */
  readonly version = (): number => this.#version;

  /** True if the anomaly was looked at, or lies before the watermark. */
  isRead(anomaly: { id: string; start: string }): boolean {
    return this.#ids.has(anomaly.id) || Date.parse(anomaly.start) < this.#beforeMs;
  }

  /** Marks one as looked at. */
  mark(id: string): void {
    if (this.#ids.has(id)) return;
    this.#ids.add(id);
    for (const oldest of this.#ids) {
      if (this.#ids.size <= mostIds) break;
      this.#ids.delete(oldest);
    }
    this.#save();
  }

  /** Marks everything that started before `timeMs` as read. */
  markAllBefore(timeMs: number): void {
    this.#beforeMs = Math.max(this.#beforeMs, timeMs);
    this.#ids.clear();
    this.#save();
  }

  #save(): void {
    this.#version++;
    const kept: Kept = { beforeMs: this.#beforeMs, ids: [...this.#ids] };
    this.#storage.setItem(storageKey, JSON.stringify(kept));
    this.#subscribers.tell();
  }
}
