import { alarmPattern, type SignalEvidence } from './alarm-pattern.ts';
import type { DetectionModel } from './detection-model.ts';
import type { AnomalyPolicy } from './detection-settings.ts';
import { type AnomalyChange, ReadingFlag, type SignalShare } from './engine-result.ts';
import type { UnitReading } from './judge-reading.ts';
import type { KnownAlarms } from './known-alarms.ts';
import type { NetworkView } from './network-view.ts';
import type { OpenBlock } from './open-block.ts';
import type { ReadingFigures } from './reading-figures.ts';
import type { SeriesState } from './series-state.ts';
import type { Unit } from './unit.ts';
import { withinFloat32 } from './unit-values.ts';

/** A reading of one unit that waits for its turn at the net. */
export interface UnitStep {
  readonly unit: Unit;
  readonly reading: UnitReading;
  /** Column in the block per signal of the unit; −1 = not in the block. */
  readonly columns: readonly number[];
  /** Index of its first number in the round's network input. */
  readonly offset: number;
}

/** One reading of one series between the two halves of a round. */
export interface SeriesStep {
  readonly state: SeriesState;
  readonly block: OpenBlock;
  /** Row in the block as given. */
  readonly row: number;
  readonly time: number;
  readonly gap: boolean;
  readonly units: readonly UnitStep[];
  /** Where its windows end in the round's network input. */
  readonly end: number;
}

/** What the readings of one call are scored with. */
export interface Scoring {
  readonly model: DetectionModel;
  readonly policy: AnomalyPolicy;
  readonly known: KnownAlarms;
  readonly figures: ReadingFigures;
}

/** Second half of a round for one series: scores its units, writes the row, follows its anomaly. */
export function finishStep(
  step: SeriesStep,
  scoring: Scoring,
  view: (unit: UnitStep) => NetworkView | null,
): AnomalyChange[] {
  const { model, policy, known, figures } = scoring;
  const series = step.state.key;
  const row = step.block.accept(step.row);
  let score = 0;
  let warming = true;
  let provisional = step.units.length > 0;
  for (const one of step.units) {
    one.unit.finish(one.reading, model, view(one), { figures });
    score = Math.max(score, one.reading.score);
    warming = warming && one.reading.warming;
    if (!one.reading.warming) provisional = provisional && one.reading.provisional;
    one.columns.forEach((column, signal) => {
      if (column < 0) return;
      const expected = withinFloat32(one.reading.expected[signal] ?? Number.NaN);
      step.block.expect(row, column, expected, withinFloat32(one.reading.band[signal] ?? Number.NaN));
    });
  }
  // Judged at last, over all units: what they learn from the reading is the same, whether it is known or not.
  const quieted =
    score > 0.5 && known.concerns(series) && known.explain(series, step.time, pattern(step, model));
  if (quieted) score = 0.5;
  const flags =
    (quieted ? ReadingFlag.quieted : 0) |
    (score > 0.5 ? ReadingFlag.alarm : 0) |
    (provisional && !warming ? ReadingFlag.provisional : 0) |
    (warming ? ReadingFlag.warming : 0);
  step.block.score(row, score, flags);
  const changes = step.state.tracker.track(
    {
      time: step.time,
      score,
      gap: step.gap,
      version: model.version,
      shares: () => signalShares(step, model),
      pattern: () => pattern(step, model),
    },
    policy,
  );
  figures.readings += 1;
  if (score > 0.5) figures.alarms += 1;
  if (quieted) figures.quieted += 1;
  for (const { kind } of changes) if (kind === 'opened') figures.anomalies += 1;
  return changes;
}

/** Values this part of their band off, or less, are not what is odd about a reading. */
const wellWithin = 0.5;

/** What the reading looks like, over all units of the series. */
function pattern(step: SeriesStep, model: DetectionModel): SignalEvidence {
  const evidence: [signal: string, evidence: number][] = [];
  for (const { reading, columns } of step.units) {
    if (reading.warming) continue;
    columns.forEach((column, index) => {
      const signal = signalOf(step, model, column, index);
      if (signal === undefined) return;
      const off = (reading.values[index] ?? Number.NaN) - (reading.expected[index] ?? Number.NaN);
      const below = off < -wellWithin * (reading.band[index] ?? Number.NaN);
      const size = boundedEvidence(reading, index);
      evidence.push([signal, below ? -size : size]);
    });
  }
  return alarmPattern(evidence);
}

function signalOf(
  step: SeriesStep,
  { settings }: DetectionModel,
  column: number,
  index: number,
): string | undefined {
  return settings.signals === 'each' ? step.block.given.signals[column] : settings.signals[index];
}

function boundedEvidence(reading: UnitReading, index: number): number {
  return Math.min(reading.evidence[index] ?? 0, 1e6);
}

/** Each signal's part: squared evidence, so that a clear culprit stands out; highest first, then by name. */
function signalShares(step: SeriesStep, model: DetectionModel): SignalShare[] {
  const parts: { weight: number; share: SignalShare }[] = [];
  for (const { reading, columns } of step.units) {
    if (reading.warming) continue;
    columns.forEach((column, index) => {
      const signal = signalOf(step, model, column, index);
      if (signal === undefined) return;
      const value = reading.values[index] ?? Number.NaN;
      const expected = withinFloat32(reading.expected[index] ?? Number.NaN);
      const band = withinFloat32(reading.band[index] ?? Number.NaN);
      const weight = boundedEvidence(reading, index) ** 2;
      parts.push({ weight, share: { signal, share: 0, value, expected, band } });
    });
  }
  const sum = parts.reduce((total, { weight }) => total + weight, 0);
  return parts
    .map(({ weight, share }) => ({ ...share, share: sum > 0 ? weight / sum : 1 / parts.length }))
    .sort((a, b) => b.share - a.share || (a.signal < b.signal ? -1 : 1));
}
