import { alarmPattern, type SignalEvidence } from '../anomalies/alarm-pattern.ts';
import type { SignalShare } from '../engine-result.ts';
import type { SeriesBlock } from '../series-block.ts';
import { UnitMark } from '../unit/unit-readings.ts';
import { withinFloat32 } from '../unit/unit-values.ts';
import type { Round } from './round.ts';

/** A value less than this part of its band below what was expected is where it was expected. */
const asExpected = 0.05;
const largestEvidence = 1e6;

/** Where an alarming reading of a series is found. */
export interface AlarmingReading {
  readonly round: Round;
  readonly step: number;
  readonly given: SeriesBlock;
}

/** What the reading looks like, over all units of the series. */
export function patternOf(alarm: AlarmingReading): SignalEvidence {
  const evidence: [signal: string, evidence: number][] = [];
  for (const { signal, at } of judgedSignals(alarm)) {
    const { readings } = alarm.round;
    const off = (readings.values[at] ?? Number.NaN) - (readings.expected[at] ?? Number.NaN);
    const below = off < -asExpected * (readings.band[at] ?? Number.NaN);
    const size = boundedEvidence(alarm, at);
    evidence.push([signal, below ? -size : size]);
  }
  return alarmPattern(evidence);
}

/** Each signal's part: squared evidence, so that a clear culprit stands out; highest first, then by name. */
export function sharesOf(alarm: AlarmingReading): SignalShare[] {
  const { readings } = alarm.round;
  const parts: { weight: number; share: SignalShare }[] = [];
  for (const { signal, at } of judgedSignals(alarm)) {
    const gain = readings.gain[at] ?? 1;
    const origin = readings.origin[at] ?? 0;
    const value = withinFloat32(origin + gain * (readings.values[at] ?? Number.NaN));
    const expected = withinFloat32(origin + gain * (readings.expected[at] ?? Number.NaN));
    const band = withinFloat32(gain * (readings.band[at] ?? Number.NaN));
    const weight = boundedEvidence(alarm, at) ** 2;
    parts.push({ weight, share: { signal, share: 0, value, expected, band } });
  }
  const sum = parts.reduce((total, { weight }) => total + weight, 0);
  return parts
    .map(({ weight, share }) => ({ ...share, share: sum > 0 ? weight / sum : 1 / parts.length }))
    .sort((a, b) => b.share - a.share || (a.signal < b.signal ? -1 : 1));
}

/** Signals of the units that are not warming, each with its place in the per-signal arrays of the readings. */
function* judgedSignals({ round, step, given }: AlarmingReading): Iterable<{ signal: string; at: number }> {
  const { signals } = round.model.settings;
  const { readings } = round;
  const end = round.firstReading[step + 1] ?? 0;
  for (let reading = round.firstReading[step] ?? 0; reading < end; reading += 1) {
    if (((readings.marks[reading] ?? 0) & UnitMark.warming) !== 0) continue;
    for (let index = 0; index < readings.width; index += 1) {
      const signal = signals === 'each' ? given.signals[round.columns[reading] ?? -1] : signals[index];
      if (signal !== undefined) yield { signal, at: reading * readings.width + index };
    }
  }
}

function boundedEvidence({ round }: AlarmingReading, at: number): number {
  return Math.min(round.readings.evidence[at] ?? 0, largestEvidence);
}
