import type { ScoredReadings, TailsRequest } from '@verdict/contracts';
import type { Logger } from '@verdict/process';
import type { DetectorClient } from '../detectors/detector-client.ts';
import type { SeriesLocator } from '../detectors/series-locator.ts';

const seriesPerRequest = 1000;

/** What live tails need. */
export interface LiveTailsParts {
  readonly locator: SeriesLocator;
  readonly detectors: DetectorClient;
  readonly logger: Logger;
  /** Series that somebody watches now. */
  readonly watched: () => readonly string[];
  readonly emit: (readings: ScoredReadings) => void;
}

/**
 * Brings the newest readings of watched series to whoever watches them: one request per detector and tick. A series
 * starts at the newest reading that its status names; what came before is in its history.
 */
export class LiveTails {
  readonly #parts: LiveTailsParts;
  /** Per watched series the time of the newest reading that was sent. */
  readonly #sentUntil = new Map<string, number>();

  constructor(parts: LiveTailsParts) {
    this.#parts = parts;
  }

  /** Asks every detector once. */
  async tick(): Promise<void> {
    const watched = this.#parts.watched();
    const wanted = new Set(watched);
    for (const series of this.#sentUntil.keys()) if (!wanted.has(series)) this.#sentUntil.delete(series);
    const requests = await this.#requestsByAddress(watched);
    await Promise.all([...requests].map(([address, series]) => this.#ask(address, series)));
  }

  async #requestsByAddress(watched: readonly string[]): Promise<Map<string, TailsRequest['series']>> {
    const byAddress = new Map<string, TailsRequest['series']>();
    for (const key of watched) {
      const place = await this.#parts.locator.find(key);
      if (place?.address == null) continue;
      const after = this.#sentUntil.get(key) ?? place.row.lastMs;
      const list = byAddress.get(place.address) ?? [];
      list.push({ key, after });
      byAddress.set(place.address, list);
    }
    return byAddress;
  }

  async #ask(address: string, series: TailsRequest['series']): Promise<void> {
    for (let start = 0; start < series.length; start += seriesPerRequest) {
      const part = series.slice(start, start + seriesPerRequest);
      try {
        const { tails } = await this.#parts.detectors.tails(address, { series: part });
        for (const tail of tails) this.#send(tail);
      } catch (error) {
        // The next tick asks again from the same place, or whoever holds the partition by then.
        this.#parts.logger.debug({ address, err: error }, 'a detector gave no tails');
        return;
      }
    }
  }

  #send(tail: ScoredReadings): void {
    const newestMs = tail.times.at(-1);
    if (newestMs === undefined) return;
    this.#sentUntil.set(tail.series, Math.max(newestMs, this.#sentUntil.get(tail.series) ?? 0));
    this.#parts.emit(tail);
  }
}
