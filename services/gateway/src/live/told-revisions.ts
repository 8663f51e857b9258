import type { Anomaly } from '@verdict/contracts';

/**
 * Which revisions were told, of the anomalies told of last: what is loaded may be newer than what was announced, and
 * after a gap a little comes twice. Whoever connected later reads on from a cursor and misses nothing.
 */
export class ToldRevisions {
  readonly #most: number;
  /** The one told longest ago stands first. */
  readonly #revisions = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Whether this revision is news; then it counts as told. */
  take({ id, revision }: Pick<Anomaly, 'id' | 'revision'>): boolean {
    const told = this.#revisions.get(id);
    if (told !== undefined && told >= revision) return false;
    this.#revisions.delete(id);
    this.#revisions.set(id, revision);
    if (this.#revisions.size > this.#most) {
      const [oldest] = this.#revisions.keys();
      if (oldest !== undefined) this.#revisions.delete(oldest);
    }
    return true;
  }
}
