import { squaredDeviation, takeDeviation } from '../signal/local-deviations.ts';
import { addRareValue, rareBlocks, rareEvidence } from '../signal/rare-values.ts';
import { scaleIsKnown } from '../signal/robust-scale.ts';
import { deviationsPart, scalePart, signalWords } from '../signal/signal-state.ts';
import type { Memory, Slot } from '../state/memory.ts';
import type { Judgement } from './judge-reading.ts';
import { learnSolo, valueEvidence, windowEvidence } from './solo-members.ts';
import { UnitMark, type UnitReadings } from './unit-readings.ts';
import {
  acceptAfter,
  averageDistance,
  calmDistance,
  distancePart,
  farthestPart,
  flaggedRun,
  forecastPart,
  rowCount,
  usualPart,
} from './unit-state.ts';
import { overUsual, takeDistance } from './usual-distance.ts';

/** Evidence, -ln p, that makes an alarm: chance brings it about once in e⁷·⁵ = 1800 blocks of 16 readings. */
const alarmEvidence = 7.5;
/** Evidence from which a reading is suspicious. */
const suspectEvidence = 6;
/** The errors of a learnt expectation count a little less than what the signal itself says. */
const forecastWeight = 0.6;
const perBlock = 16;
/** So much of a distance less counts with each flagged reading before it. */
const doubtPerReading = 0.5;
/** Readings of a unit before its distances are in a scale of their own. */
const settledDistances = 64;
/** A version is new when it begins to serve: what it finds rare is heard only after so many blocks. */
const fewestForecastBlocks = 16;
/** Weight of the newest distance in the running average, and what the average counts: slow faults add up. */
const averaging = 0.1;
const averageGain = 1.5;
/** Without rare values the score still follows the distance, up to so much of an alarm; half of it at this distance. */
const mostUsual = 0.9;
const halfUsual = 6;

/**
 * Adds the evidence of the members to that of each signal: the signal that is farthest from its past carries all of it,
 * the others their part.
 *
 * @param young whether they are only to take the reading in
 */
export function addMembers(
  judgement: Judgement,
  unit: Slot,
  readings: UnitReadings,
  reading: number,
  young: boolean,
): void {
  const most = measure(judgement, unit, readings, reading);
  const { shape } = judgement;
  const { width } = shape;
  const evidence = membersEvidence(judgement, unit, readings, reading);
  if (!young && evidence > suspectEvidence)
    readings.marks[reading] = (readings.marks[reading] ?? 0) | UnitMark.suspicious;
  const distance = reach(unit.memory, unit.at + averageDistance, readings.distance[reading] ?? 0);
  const usual = (mostUsual * distance) / (distance + halfUsual);
  // What is rare says whether it is an alarm; below, what is how far out can be compared over all of the past.
  const all = !young && evidence > alarmEvidence ? evidence / alarmEvidence : usual;
  const first = reading * width;
  for (let column = 0; column < width; column += 1) {
    const part = most > 0 ? Math.sqrt((readings.squares[first + column] ?? 0) / most) : 1;
    readings.evidence[first + column] = Math.max(readings.evidence[first + column] ?? 0, all * part);
  }
}

/** Fills in how far the reading is from its short past. @returns the largest square */
function measure(
  { shape }: Judgement,
  { memory, at }: Slot,
  readings: UnitReadings,
  reading: number,
): number {
  const first = reading * shape.width;
  let [sum, present, most] = [0, 0, 0];
  for (let column = 0; column < shape.width; column += 1) {
    const value = readings.values[first + column] ?? Number.NaN;
    let square = 0;
    if (!Number.isNaN(value)) {
      square = squaredDeviation(memory, at + shape.signals + column * signalWords + deviationsPart, value);
      present += 1;
      sum += square;
      most = Math.max(most, square);
    }
    readings.squares[first + column] = square;
  }
  readings.farthest[reading] = Math.sqrt(most);
  readings.distance[reading] = present > 0 ? Math.sqrt(sum / present) : 0;
  return most;
}

/** The distance, or that of the last readings on average where that is more. */
function reach({ f32 }: Memory, at: number, distance: number): number {
  const before = f32[at] ?? 0;
  return Math.max(distance, averageGain * (before + averaging * (distance - before)));
}

function follow({ f32 }: Memory, at: number, distance: number): void {
  const before = f32[at] ?? 0;
  f32[at] = before + averaging * (distance - before);
}

function membersEvidence(judgement: Judgement, unit: Slot, readings: UnitReadings, reading: number): number {
  const { shape } = judgement;
  const { memory, at } = unit;
  const error = readings.forecastError[reading] ?? Number.NaN;
  let evidence = 0;
  if (!Number.isNaN(error) && rareBlocks(memory, at + forecastPart) >= fewestForecastBlocks)
    evidence = forecastWeight * rareEvidence(memory, at + forecastPart, error, 0, 0);
  const solo = at + shape.solo;
  const scale = at + shape.signals + scalePart;
  const value = readings.values[reading] ?? Number.NaN;
  const alone = shape.solo >= 0 && scaleIsKnown(memory, scale);
  const timeMs = readings.times[reading] ?? 0;
  if (alone) evidence = Math.max(evidence, valueEvidence(memory, solo, { scale, value, timeMs }));
  else if (shape.solo < 0) {
    // While readings are hidden the averages know less and less: else an alarm would keep itself up.
    const doubt = 1 + doubtPerReading * (memory.i32[at + flaggedRun] ?? 0);
    const distance = reach(memory, at + calmDistance, readings.distance[reading] ?? 0) / doubt;
    evidence = Math.max(
      evidence,
      rareEvidence(memory, at + distancePart, distance, 0, 0),
      rareEvidence(memory, at + farthestPart, (readings.farthest[reading] ?? 0) / doubt, 0, 0),
      alarmEvidence * overUsual(memory, at + usualPart, distance),
    );
  }
  const far = evidence > alarmEvidence || isAlarming(shape.width, readings, reading);
  const hidden = far && (memory.i32[at + flaggedRun] ?? 0) < acceptAfter;
  if (hidden) readings.marks[reading] = (readings.marks[reading] ?? 0) | UnitMark.hidden;
  if (!alone) return evidence;
  return Math.max(evidence, windowEvidence(memory, solo, { value, timeMs, hidden }));
}

/** Whether one of its signals alarms by what is known of it before the members are asked. */
function isAlarming(width: number, readings: UnitReadings, reading: number): boolean {
  const first = reading * width;
  for (let column = 0; column < width; column += 1)
    if ((readings.evidence[first + column] ?? 0) > 1) return true;
  return false;
}

/** Goes on to the next reading. @param learns whether this one says what is usual */
export function learnMembers(
  { shape }: Judgement,
  { memory, at }: Slot,
  readings: UnitReadings,
  reading: number,
  learns: boolean,
): void {
  const hidden = ((readings.marks[reading] ?? 0) & UnitMark.hidden) !== 0;
  const first = reading * shape.width;
  const distance = readings.distance[reading] ?? 0;
  for (let column = 0; column < shape.width; column += 1) {
    const value = readings.values[first + column] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    // For the signals that are farther out than most the expectation stands in: the others go on.
    const far = hidden && (readings.squares[first + column] ?? 0) >= distance * distance;
    const followed = far ? (readings.expected[first + column] ?? Number.NaN) : value;
    const part = at + shape.signals + column * signalWords + deviationsPart;
    takeDeviation(memory, part, { value, followed, learns });
  }
  const error = readings.forecastError[reading] ?? Number.NaN;
  if (learns && !Number.isNaN(error)) addRareValue(memory, at + forecastPart, error, perBlock);
  // The first distances are of no size yet that could be compared with: they would be the highest of all for ever.
  if (shape.solo < 0 && (memory.i32[at + rowCount] ?? 0) > settledDistances) {
    const reached = reach(memory, at + calmDistance, distance);
    takeDistance(memory, at + usualPart, reached);
    if (learns) {
      addRareValue(memory, at + distancePart, reached, perBlock);
      addRareValue(memory, at + farthestPart, readings.farthest[reading] ?? 0, perBlock);
    }
  }
  follow(memory, at + averageDistance, distance);
  if (!hidden) follow(memory, at + calmDistance, distance);
  if (shape.solo < 0 || !scaleIsKnown(memory, at + shape.signals + scalePart)) return;
  const timeMs = readings.times[reading] ?? 0;
  learnSolo(memory, at + shape.solo, { value: readings.values[reading] ?? 0, timeMs, hidden, learns });
}
