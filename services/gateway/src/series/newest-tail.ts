import type { ScoredReadings } from '@verdict/contracts';
import type { HistoryRows } from '@verdict/storage';
import { type DetectorClient, DetectorUnreachable } from '../detectors/detector-client.ts';
import type { SeriesPlace } from '../detectors/series-locator.ts';

/** Beyond this distance from the newest reading no detector has anything in memory that is not stored. */
const tailSpanMs = 24 * 3_600_000;

/** The newest readings from memory, and whether history and tail together have all there is. */
export interface Tail {
  readonly readings: ScoredReadings | null;
  readonly complete: boolean;
}

/** Asks the detector that holds a series for what is later than its stored rows. Never rejects for a detector. */
export async function newestTail(
  detectors: DetectorClient,
  place: SeriesPlace,
  range: { stored: HistoryRows | null; fromMs: number; toMs: number },
): Promise<Tail> {
  const { row, address } = place;
  if (range.toMs < row.lastMs - tailSpanMs) return { readings: null, complete: true };
  if (address === null) return { readings: null, complete: false };
  const after = range.stored?.times.at(-1) ?? range.fromMs - 1;
  try {
    const { tails } = await detectors.tails(address, { series: [{ key: row.series, after }] });
    const readings = tails.find((tail) => tail.series === row.series) ?? null;
    // A detector leaves out what it has not in memory: fine, unless the status knows of later readings.
    return { readings, complete: readings !== null || Math.min(row.lastMs, range.toMs) <= after };
  } catch (error) {
    if (!(error instanceof DetectorUnreachable)) throw error;
    return { readings: null, complete: false };
  }
}
