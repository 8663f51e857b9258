import { type NextValue, squaredDeviation, takeDeviation } from '../signal/local-deviations.ts';
import { addRareValue, rareBlocks, rareEvidence } from '../signal/rare-values.ts';
import { scaleIsKnown } from '../signal/robust-scale.ts';
import { deviationsPart, scalePart } from '../signal/signal-state.ts';
import type { Slot } from '../state/memory.ts';
import type { Judgement } from './judge-reading.ts';
import { follow, reach } from './lasting-distance.ts';
import { learnSolo, type SoloValue, valueEvidence, windowEvidence } from './solo-members.ts';
import { UnitMark, type UnitReadings } from './unit-readings.ts';
import { acceptAfter, averageDistance, flaggedRun, forecastPart, rowCount } from './unit-state.ts';

/** Evidence, -ln p, that makes an alarm: chance brings it about once in e⁷·⁵ = 1800 blocks of 16 readings. */
const alarmEvidence = 7.5;
/** Evidence from which a reading is suspicious. */
const suspectEvidence = 6;
/** The errors of a learnt expectation count a little less than what the signal itself says. */
const forecastWeight = 0.6;
const perBlock = 16;
/** So much of a distance less counts with each flagged reading before it. */
const doubtPerReading = 0.5;
/** A version is new when it begins to serve: what it finds rare is heard only after so many blocks. */
const fewestForecastBlocks = 16;
/** Without rare values the score still follows the distance, up to so much of an alarm; half of it at this distance. */
const mostUsual = 0.9;
const halfUsual = 6;

/** The value of a unit of one signal that is looked at. */
const solo: SoloValue = { value: Number.NaN, timeMs: Number.NaN, hidden: false, learns: false };
const next: NextValue = { value: Number.NaN, followed: Number.NaN, learns: false };

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

/** Fills in how far the reading is from what is usual. @returns the largest square */
function measure(
  { shape }: Judgement,
  { memory, at }: Slot,
  readings: UnitReadings,
  reading: number,
): number {
  const { wide } = shape;
  if (wide !== null)
    return wide.measure({ memory, at: at + shape.members, signals: at + shape.signals, readings, reading });
  const value = readings.values[reading] ?? Number.NaN;
  const square = squaredDeviation(memory, at + shape.signals + deviationsPart, value);
  readings.squares[reading] = square;
  readings.distance[reading] = Math.sqrt(square);
  return square;
}

function membersEvidence(judgement: Judgement, unit: Slot, readings: UnitReadings, reading: number): number {
  const { shape } = judgement;
  const { memory, at } = unit;
  const error = readings.forecastError[reading] ?? Number.NaN;
  let evidence = 0;
  if (!Number.isNaN(error) && rareBlocks(memory, at + forecastPart) >= fewestForecastBlocks)
    evidence = forecastWeight * rareEvidence(memory, at + forecastPart, error, 0, 0);
  const members = at + shape.members;
  const scale = at + shape.signals + scalePart;
  const alone = shape.wide === null && scaleIsKnown(memory, scale);
  solo.value = readings.values[reading] ?? Number.NaN;
  solo.timeMs = readings.times[reading] ?? 0;
  if (alone) evidence = Math.max(evidence, valueEvidence(memory, members, solo, scale));
  else if (shape.wide !== null) {
    // While readings are hidden the averages know less and less: else an alarm would keep itself up.
    const doubt = 1 + doubtPerReading * (memory.u16[(at << 1) + flaggedRun] ?? 0);
    const wide = { memory, at: members, signals: at + shape.signals, readings, reading };
    evidence = Math.max(evidence, shape.wide.evidence(wide, doubt, alarmEvidence));
  }
  const far = evidence > alarmEvidence || isAlarming(shape.width, readings, reading);
  // Of many signals together each alarm has its own aftermath: with habits it is taken as it comes.
  const hides = shape.wide === null || !judgement.habits;
  const hidden = far && hides && (memory.u16[(at << 1) + flaggedRun] ?? 0) < acceptAfter;
  if (hidden) readings.marks[reading] = (readings.marks[reading] ?? 0) | UnitMark.hidden;
  if (!alone) return evidence;
  solo.hidden = hidden;
  return Math.max(evidence, windowEvidence(memory, members, solo));
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
  { shape, habits }: Judgement,
  unit: Slot,
  readings: UnitReadings,
  reading: number,
  learns: boolean,
): void {
  const { memory, at } = unit;
  const error = readings.forecastError[reading] ?? Number.NaN;
  if (learns && !Number.isNaN(error)) addRareValue(memory, at + forecastPart, error, perBlock);
  const members = at + shape.members;
  const signals = at + shape.signals;
  const hidden = ((readings.marks[reading] ?? 0) & UnitMark.hidden) !== 0;
  if (shape.wide !== null) {
    const how = { learns, habits, hidden, turn: memory.i32[at + rowCount] ?? 0 };
    shape.wide.learn({ memory, at: members, signals, readings, reading }, how);
  }
  const distance = readings.distance[reading] ?? 0;
  follow(memory, at + averageDistance, distance);
  if (shape.wide !== null) return;
  const value = readings.values[reading] ?? Number.NaN;
  // The two are equal but for rounding, so that the expectation stands in for most hidden values, not for all: measured so.
  const standsIn = hidden && (readings.squares[reading] ?? 0) >= distance * distance;
  next.value = value;
  next.followed = standsIn ? (readings.expected[reading] ?? Number.NaN) : value;
  next.learns = learns;
  if (!Number.isNaN(value)) takeDeviation(memory, signals + deviationsPart, next);
  if (!scaleIsKnown(memory, signals + scalePart)) return;
  solo.value = value;
  solo.timeMs = readings.times[reading] ?? 0;
  solo.hidden = hidden;
  solo.learns = learns;
  learnSolo(memory, members, solo);
}
