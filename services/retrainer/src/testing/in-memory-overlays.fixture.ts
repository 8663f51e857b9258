import { DatabaseUnavailable, type OverlayEntry, type OverlayStore } from '@verdict/storage';
import { overlayChange } from '../memory/wanted-overlay.ts';

/** Overlays of pools in memory. */
export class InMemoryOverlays implements Pick<OverlayStore, 'head' | 'entries' | 'amend'> {
  readonly states = new Map<string, OverlayEntry[][]>();
  /** While false, everything is refused as by a database that is away. */
  available = true;
  calls = 0;

  newest(pool: string): OverlayEntry[] {
    return this.#of(pool).at(-1) ?? [];
  }

  async head(pool: string): Promise<number> {
    this.#check();
    return this.#of(pool).length - 1;
  }

  async entries(pool: string, number: number): Promise<OverlayEntry[]> {
    this.#check();
    const entries = this.#of(pool)[number];
    if (!entries) throw new RangeError(`no overlay ${number}`);
    return entries;
  }

  async amend(pool: string, { add, remove }: Parameters<OverlayStore['amend']>[1]): Promise<number> {
    this.#check();
    const gone = new Set([...remove, ...add.map(({ anomalyId }) => anomalyId)]);
    const kept = this.newest(pool).filter(({ anomalyId }) => !gone.has(anomalyId));
    const next = [...kept, ...add];
    if (overlayChange(this.newest(pool), next)) this.#of(pool).push(next);
    return this.#of(pool).length - 1;
  }

  #of(pool: string): OverlayEntry[][] {
    const states = this.states.get(pool) ?? [[]];
    this.states.set(pool, states);
    return states;
  }

  #check(): void {
    this.calls += 1;
    if (!this.available) throw new DatabaseUnavailable('the database is away');
  }
}
