import type {
  BatchCommit,
  Database,
  HistoryRows,
  PartitionRef,
  SeriesStatus,
  Stores,
} from '@verdict/storage';
import { freshChunks, playedDays } from './played-days.ts';

const holder = 'bench-history';
const hub = { identity: 'bench', partitionCount: 1 };
const nothing = { anomalies: 0, alarms: 0, quieted: 0 };

/** What was written. */
export interface FilledHistory {
  readonly keys: readonly string[];
  readonly readings: number;
  readonly chunks: number;
}

/** Series played into history through the same store as detectors use, in fresh chunks; a commit per series and day. */
export async function fillHistory(
  { stores, pool }: { stores: Stores; pool: string },
  sources: readonly HistoryRows[],
  what: { series: number; startMs: number; days: number },
): Promise<FilledHistory> {
  const claim = await stores.leases.claim({
    group: pool,
    partition: '0',
    member: { holder, address: null, pinnedVersion: null },
    expiryMs: 3_600_000,
  });
  if (claim === null) throw new Error('The partition is held by somebody else.');
  const ref: PartitionRef = { pool, partition: '0', epoch: claim.epoch, holder };
  const keys = Array.from({ length: what.series }, (_, index) => seriesKey(index));
  let [readings, chunks, checkpoint] = [0, 0, 0];
  for (const [index, series] of keys.entries()) {
    const rows = sources[index % sources.length];
    if (rows === undefined) continue;
    for (const day of playedDays(rows, what.startMs, what.days)) {
      const fresh = freshChunks(day);
      const history = fresh.map((piece) => ({ series, rows: piece }));
      const status = [statusOf(series, day)];
      await stores.partitions.commit(batchOf(ref, { checkpoint, history, series: status }));
      checkpoint += 1;
      readings += day.times.length;
      chunks += fresh.length;
    }
  }
  return { keys, readings, chunks };
}

export function seriesKey(index: number): string {
  return `bench/history-${index}`;
}

function statusOf(series: string, { signals, times, score }: HistoryRows): SeriesStatus {
  const lastMs = times.at(-1) ?? 0;
  return {
    series,
    signals,
    state: 'scored',
    readings: times.length,
    firstMs: times[0] ?? 0,
    lastMs,
    score: score.at(-1) ?? null,
    openAnomaly: null,
  };
}

function batchOf(
  ref: PartitionRef,
  { checkpoint, history, series }: Pick<BatchCommit, 'checkpoint' | 'history' | 'series'>,
): BatchCommit {
  return {
    ref,
    checkpoint,
    hub,
    history,
    series,
    ...{ version: 0, overlay: 0, shadow: null, anomalies: [], deadLetters: [], snapshot: null },
    counted: { readings: 0, duplicates: 0 },
    figures: {
      ...nothing,
      readings: 0,
      pValues: [],
      inputs: [],
      logResiduals: { sum: 0, count: 0 },
    },
    comparison: null,
    shadowTroubles: [],
  };
}

/** Gives `count` further series the compacted days of the first ones, so that tables have the size of a real pool's. */
export async function copySeries(
  database: Database,
  { pool, written, count }: { pool: string; written: number; count: number },
): Promise<void> {
  for (let from = written; from < count; from += written) {
    const copies = Math.min(written, count - from);
    await database.query(
      `WITH source AS (
         SELECT *, row_number() OVER (ORDER BY id) - 1 AS place FROM series WHERE pool = $1
          ORDER BY id LIMIT $3
       ), made AS (
         INSERT INTO series (pool, key, partition, history_last_ms, history_readings, state, signals, readings,
                             first_ms, last_ms, score)
         SELECT pool, 'bench/history-' || ($2 + place), partition, history_last_ms, history_readings, state, signals,
                readings, first_ms, last_ms, score
           FROM source WHERE place < $4 ORDER BY place RETURNING id, key
       )
       INSERT INTO history_day (series_id, first_ms, readings, payload)
       SELECT made.id, day.first_ms, day.readings, day.payload
         FROM made JOIN source ON made.key = 'bench/history-' || ($2 + place)
         JOIN history_day day ON day.series_id = source.id ORDER BY made.id, day.first_ms`,
      [pool, from, written, copies],
    );
  }
}
