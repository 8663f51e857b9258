import type { SeriesView } from '@verdict/contracts';
import type { SeriesRow } from '@verdict/storage';
import type { Directory } from '../models/model-directory.ts';
import type { DoorNote } from '../readings/door-notes.ts';

/** A refusal at the door is shown for this long, unless good readings came later. */
const refusalShownMs = 15 * 60_000;
const stalestMs = 60_000;

/** What is known of one series: its row (if a detector has seen it), its note at the door (if it has one). */
export interface SeriesFacts {
  readonly series: string;
  readonly row: SeriesRow | null;
  readonly note: DoorNote | null;
}

/** Says what is being done with a series, and why. */
export function seriesView(facts: SeriesFacts, directory: Directory, nowMs: number): SeriesView {
  const { series, row, note } = facts;
  const modelKey = directory.modelKeyOf(series);
  const model = modelKey?.split('/')[1] ?? null;
  return {
    series,
    ...stateOf(facts, model, nowMs),
    model,
    partition: row?.partition ?? null,
    signals: [...(row?.signals ?? [])],
    readings: row?.readings ?? 0,
    firstReading: isoOrNull(row?.firstMs),
    lastReading: isoOrNull(row?.lastMs ?? (note?.state === 'unassigned' ? note.atMs : undefined)),
    score: row?.score ?? null,
    openAnomaly: row?.openAnomaly ?? null,
  };
}

function stateOf(
  { row, note }: SeriesFacts,
  model: string | null,
  nowMs: number,
): Pick<SeriesView, 'state' | 'reason'> {
  const refusedLast =
    note?.state === 'refused' &&
    nowMs - note.atMs < refusalShownMs &&
    (row === null || note.atMs > row.lastMs);
  if (refusedLast) return { state: 'refused', reason: sentence(note.reason) };
  if (model === null) return { state: 'unassigned', reason: 'No model is for this series.' };
  if (row === null) {
    if (note?.state === 'refused') return { state: 'refused', reason: sentence(note.reason) };
    return { state: 'warming', reason: `Model ${model} is for it now; its next reading is the first.` };
  }
  const stepMs = usualStepMs(row);
  const silentMs = nowMs - row.lastMs;
  if (silentMs > Math.max(stalestMs, 5 * (stepMs ?? 0))) {
    const usual = stepMs === null ? '' : `; usually one comes every ${spanText(stepMs)}`;
    return { state: 'stale', reason: `No reading for ${spanText(silentMs)}${usual}.` };
  }
  if (row.state === 'warming')
    return {
      state: 'warming',
      reason: `${row.readings} readings so far; model ${model} needs more to score.`,
    };
  return { state: 'scored', reason: `Model ${model} scores it.` };
}

/** Mean distance of readings; null while there are fewer than two. */
function usualStepMs(row: SeriesRow): number | null {
  return row.readings < 2 ? null : (row.lastMs - row.firstMs) / (row.readings - 1);
}

function spanText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  return ms < 172_800_000 ? `${Math.round(ms / 3_600_000)} h` : `${Math.round(ms / 86_400_000)} days`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
}

function isoOrNull(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}
