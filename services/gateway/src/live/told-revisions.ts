import type { Anomaly } from '@verdict/contracts';
import { RecentMap } from '@verdict/process';

/**
 * Which revisions were told, of the anomalies told of last: what is loaded may be newer than what was announced, and
 * after a gap a little comes twice. Whoever connected later reads on from a cursor and misses nothing.
 */
export class ToldRevisions {
  readonly #revisions: RecentMap<string, number>;

  constructor(most: number) {
    this.#revisions = new RecentMap(most);
  }

  /** Whether this revision is news; then it counts as told. */
  take({ id, revision }: Pick<Anomaly, 'id' | 'revision'>): boolean {
    const told = this.#revisions.get(id);
    if (told !== undefined && told >= revision) return false;
    this.#revisions.set(id, revision);
    return true;
  }
}
