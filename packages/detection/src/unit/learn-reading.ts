import { addToScale, centerOf, highOf, lowOf, observeValue } from '../signal/robust-scale.ts';
import { rowErrorsPart, scalePart, signalWords } from '../signal/signal-state.ts';
import type { Slot } from '../state/memory.ts';
import type { Judgement } from './judge-reading.ts';
import { cleanAt, pushRow, RowMark, rawAt, trustNewest } from './reading-ring.ts';
import { learnError } from './thresholds.ts';
import { learnMembers } from './unit-members.ts';
import { UnitMark, type UnitReadings } from './unit-readings.ts';
import {
  acceptAfter,
  distrustFor,
  episodeGaps,
  episodesKept,
  episodesSeen,
  fewCounted,
  flaggedRun,
  mostCounted,
  newestEpisode,
  quietRun,
  rowCount,
  suspectFor,
  suspectRows,
  type UnitShape,
  unsettled,
} from './unit-state.ts';

/** Alarms in this many separate places of late mean misunderstood, not anomalous: they are learnt. */
const restlessEpisodes = episodesKept;
/** What "of late" means, in readings. */
const restlessReach = 256;
const quietBetweenEpisodes = 8;
/** What follows a suspicious reading is suspicious too, but only so many in a row. */
const suspectReach = 32;
const mostSuspectRows = 24;
/** Evidence from which a flagged value would spoil the windows that it is part of. */
const harmful = 1.25;
/** Readings after a flagged one that are not learnt from: what follows an anomaly says nothing of normal errors. */
const aftermath = 8;

/** Whether flagged readings are learnt from, because there are too many of them to be anomalies. */
export function isRestless({ memory: { i32, u8 }, at }: Slot): boolean {
  if ((u8[(at << 2) + episodesSeen] ?? 0) < restlessEpisodes) return false;
  let ago = (i32[at + rowCount] ?? 0) - (i32[at + newestEpisode] ?? 0);
  for (let i = 0; i < episodesKept - 1; i += 1) ago += u8[(at << 2) + episodeGaps + i] ?? 0;
  return ago <= restlessReach;
}

/** Notes that a flagged episode begins. */
function beginEpisode({ memory: { i32, u8 }, at }: Slot): void {
  const now = i32[at + rowCount] ?? 0;
  const gaps = (at << 2) + episodeGaps;
  for (let i = episodesKept - 2; i > 0; i -= 1) u8[gaps + i] = u8[gaps + i - 1] ?? 0;
  // One that stops counting alone is longer than all may be together, for episodes are some readings apart.
  u8[gaps] = Math.min(fewCounted, now - (i32[at + newestEpisode] ?? 0));
  i32[at + newestEpisode] = now;
  u8[(at << 2) + episodesSeen] = Math.min(episodesKept, (u8[(at << 2) + episodesSeen] ?? 0) + 1);
}

/**
 * Learns from a reading that has been judged.
 * @param distrusted known to be part of an anomaly, flagged whatever its score
 */
export function learnReading(
  judgement: Judgement & { readonly window: number },
  unit: Slot,
  readings: UnitReadings,
  reading: number,
  distrusted: boolean,
): void {
  const { shape } = judgement;
  const { memory, at } = unit;
  const { i32, u8, u16 } = memory;
  const flagged = distrusted || (readings.score[reading] ?? 0) > 0.5;
  const first = reading * shape.width;
  for (let column = 0; column < shape.width; column += 1) {
    const value = readings.values[first + column] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    observeValue(memory, at + shape.signals + column * signalWords + scalePart, value);
  }
  const runAt = (at << 1) + flaggedRun;
  const quietAt = (at << 2) + quietRun;
  if (flagged && u16[runAt] === 0 && (u8[quietAt] ?? 0) >= quietBetweenEpisodes) beginEpisode(unit);
  const flaggedFor = flagged ? Math.min(mostCounted, (u16[runAt] ?? 0) + 1) : 0;
  const quietFor = flagged ? 0 : Math.min(fewCounted, (u8[quietAt] ?? 0) + 1);
  u16[runAt] = flaggedFor;
  u8[quietAt] = quietFor;
  const kept = keepRow(shape, unit, readings, {
    reading,
    replaces: flagged && flaggedFor <= distrustFor,
    distrusted,
  });
  const gap = ((readings.marks[reading] ?? 0) & UnitMark.gap) !== 0;
  pushRow(shape, unit, kept | (flagged ? RowMark.flagged : 0) | (gap ? RowMark.afterGap : 0));
  if (flaggedFor === distrustFor + 1) trustNewest(shape, unit, distrustFor);
  const believed = flaggedFor > distrustFor;
  const unsettledAt = (at << 2) + unsettled;
  u8[unsettledAt] = believed ? judgement.window : Math.max(0, (u8[unsettledAt] ?? 0) - 1);
  const calm = !flagged && (quietFor > aftermath || (i32[at + rowCount] ?? 0) <= aftermath + 1);
  const usual = calm || (!distrusted && (flaggedFor > acceptAfter || isRestless(unit)));
  if (usual) learnValues(judgement, unit, readings, reading);
  const suspect = ((readings.marks[reading] ?? 0) & UnitMark.suspicious) !== 0;
  const suspicious = isSuspicious(unit, suspect);
  learnMembers(judgement, unit, readings, reading, !distrusted && (judgement.habits ? !suspicious : usual));
}

/**
 * Whether a reading is left out of what is learnt of habits: those from the second suspicious one on, up to some
 * readings behind the last, but only so many in a row. Counts this one.
 */
function isSuspicious({ memory: { u8 }, at }: Slot, suspect: boolean): boolean {
  const forAt = (at << 2) + suspectFor;
  const rowsAt = (at << 2) + suspectRows;
  const left = u8[forAt] ?? 0;
  const rows = u8[rowsAt] ?? 0;
  if (suspect) {
    if (left === 0) u8[rowsAt] = 0;
    u8[forAt] = suspectReach;
  } else if (left > 0) u8[forAt] = left - 1;
  if ((u8[forAt] ?? 0) > 0) u8[rowsAt] = Math.min(fewCounted, (u8[rowsAt] ?? 0) + 1);
  return left > 0 && rows < mostSuspectRows;
}

/** Writes the row to the ring: as it came, and with the expectation in place of what would spoil windows. @returns marks */
function keepRow(
  shape: UnitShape,
  unit: Slot,
  readings: UnitReadings,
  { reading, replaces, distrusted }: { reading: number; replaces: boolean; distrusted: boolean },
): number {
  const { memory, at } = unit;
  const { f32 } = memory;
  const { width } = shape;
  const first = reading * width;
  const raw = rawAt(shape, unit, 0);
  const cleaned = cleanAt(shape, unit, 0);
  let marks = 0;
  for (let column = 0; column < width; column += 1) {
    const value = readings.values[first + column] ?? Number.NaN;
    f32[raw + column] = value;
    const bad = replaces && (distrusted || (readings.evidence[first + column] ?? 0) > harmful);
    let clean = value;
    if (bad || Number.isNaN(value)) {
      marks |= bad ? RowMark.replaced : RowMark.incomplete;
      const scale = at + shape.signals + column * signalWords + scalePart;
      const likely = readings.expected[first + column] ?? Number.NaN;
      const standIn = Number.isNaN(likely) ? valueBefore(shape, unit, column, scale) : likely;
      clean = Math.max(lowOf(memory, scale), Math.min(highOf(memory, scale), standIn));
    }
    f32[cleaned + column] = clean;
  }
  return marks;
}

function valueBefore(shape: UnitShape, unit: Slot, column: number, scale: number): number {
  const { memory, at } = unit;
  if ((memory.i32[at + rowCount] ?? 0) === 0) return centerOf(memory, scale);
  return memory.f32[cleanAt(shape, unit, 1) + column] ?? 0;
}

function learnValues(
  { shape, thresholds, view }: Judgement,
  { memory, at }: Slot,
  readings: UnitReadings,
  reading: number,
): void {
  const first = reading * shape.width;
  const ownErrors = view === null || (readings.offset[reading] ?? -1) >= 0;
  for (let column = 0; column < shape.width; column += 1) {
    const value = readings.values[first + column] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    const signal = at + shape.signals + column * signalWords;
    const error = Math.abs(value - (readings.expected[first + column] ?? Number.NaN));
    if (ownErrors)
      learnError(memory, signal + rowErrorsPart, error, readings.band[first + column] ?? Number.NaN);
    addToScale(memory, signal + scalePart, value);
  }
  const windowError = readings.windowError[reading] ?? Number.NaN;
  if (Number.isNaN(windowError) || shape.windowErrors === null) return;
  const windowErrors = at + shape.windowErrors;
  learnError(memory, windowErrors, windowError, thresholds.window(memory, windowErrors));
}
