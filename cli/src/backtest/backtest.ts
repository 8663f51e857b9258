import {
  type AnomalyChange,
  type DetectionSettings,
  Engine,
  type EngineResult,
  type LateReading,
  ReadingFlag,
  type SeriesBlock,
} from '@verdict/detection';
import { AnomalyFollower } from './anomaly-follower.ts';
import {
  type BacktestSettings,
  firstModel,
  firstTrainingReadings,
  mostHistoryReadings,
} from './backtest-settings.ts';
import { type LearntModel, learnVersion } from './learn-version.ts';
import { ReadingHistory } from './reading-history.ts';
import type { SeriesRow } from './series-row.ts';

/** What is known of a reading at the moment at which it is scored. */
export interface ScoredReading {
  readonly timeText: string;
  readonly timeMs: number;
  /** In [0, 1]; 0 for readings of the warm-up and for those that were refused. */
  readonly score: number;
  /** `ReadingFlag` bits; 0 for a refused one. */
  readonly flags: number;
  /** Why it was not scored: its time came before, or is older than the newest. */
  readonly refused: LateReading['kind'] | null;
  /** Whether people are told at this reading: it opened an anomaly. */
  readonly raised: boolean;
  /** The anomaly that it opened or that was open already, when it alarms; null otherwise. */
  readonly anomalyId: string | null;
}

/** What became of some readings. */
export interface BacktestPart {
  /** One per reading that was given, in their order. */
  readonly readings: readonly ScoredReading[];
  /** What the engine said about the accepted ones, in the order of the calls. */
  readonly results: readonly EngineResult[];
}

/**
 * Runs the engine over one series from its first reading on, as detectors and the retrainer would together: scored
 * by the built-in version at first, then by nets learnt from what has been read so far, after fixed numbers of
 * readings; or by a version that is given all along. What a reading gets depends on it and those before it alone.
 */
export class Backtest {
  readonly #series: string;
  readonly #signals: readonly string[];
  readonly #given: BacktestSettings;
  readonly #settings: DetectionSettings;
  readonly #engine: Engine;
  readonly #anomalies: AnomalyFollower;
  readonly #history = new ReadingHistory(mostHistoryReadings);
  readonly #signal: AbortSignal;
  #network: LearntModel['network'] | null = null;
  #accepted = 0;
  #nextTraining: number;
  #trainings = 0;

  /** @throws RangeError for settings that cannot work with these signals */
  constructor(request: {
    readonly series: string;
    readonly signals: readonly string[];
    readonly settings: BacktestSettings;
    readonly signal: AbortSignal;
  }) {
    const { series, signals, settings, signal } = request;
    this.#series = series;
    this.#signals = signals;
    this.#given = settings;
    this.#signal = signal;
    const model = firstModel(settings, signals);
    this.#settings = model.settings;
    this.#engine = new Engine({ model });
    this.#anomalies = new AnomalyFollower(series);
    this.#nextTraining = settings.model === 'trained' ? firstTrainingReadings : Number.POSITIVE_INFINITY;
  }

  /** Nets learnt so far. */
  get trainings(): number {
    return this.#trainings;
  }

  get open(): AnomalyChange | null {
    for (const { openAnomaly } of this.#engine.series()) return openAnomaly;
    return null;
  }

  /** Scores the next readings of the series. Calls must not overlap. */
  async add(rows: readonly SeriesRow[]): Promise<BacktestPart> {
    const readings: ScoredReading[] = [];
    const results: EngineResult[] = [];
    let at = 0;
    while (at < rows.length) {
      this.#signal.throwIfAborted();
      // Refused readings do not count, so a few more calls than one may be needed to get to the border.
      if (this.#accepted >= this.#nextTraining) await this.#learn();
      const room = Math.min(this.#given.batchReadings, this.#nextTraining - this.#accepted);
      const batch = rows.slice(at, at + room);
      at += batch.length;
      const result = await this.#engine.process([this.#block(batch)]);
      results.push(result);
      readings.push(...this.#take(batch, result));
    }
    return { readings, results };
  }

  #block(rows: readonly SeriesRow[]): SeriesBlock {
    const width = this.#signals.length;
    const values = new Float32Array(rows.length * width);
    rows.forEach((row, index) => {
      values.set(row.values, index * width);
    });
    const times = Float64Array.from(rows, ({ timeMs }) => timeMs);
    return { series: this.#series, signals: this.#signals, times, values };
  }

  #take(rows: readonly SeriesRow[], result: EngineResult): ScoredReading[] {
    const [scored] = result.scored;
    this.#anomalies.follow(result.anomalies, this.open);
    if (scored !== undefined) {
      this.#history.add(scored, result.anomalies);
      this.#accepted += scored.times.length;
    }
    let [row, late] = [0, 0];
    return rows.map(({ timeText, timeMs }) => {
      // A reading that was taken stands next among the taken ones: were its time there twice, the second was refused.
      if (scored?.times[row] === timeMs) {
        const [score, flags] = [scored.score[row] ?? 0, scored.flags[row] ?? 0];
        row += 1;
        const anomalyId = (flags & ReadingFlag.alarm) !== 0 ? this.#anomalies.idAt(timeMs) : null;
        const raised = anomalyId !== null && this.#anomalies.raisedAt(timeMs);
        return { timeText, timeMs, score, flags, refused: null, raised, anomalyId };
      }
      const refused = result.refused[late]?.kind ?? 'late';
      late += 1;
      return { timeText, timeMs, score: 0, flags: 0, refused, raised: false, anomalyId: null };
    });
  }

  async #learn(): Promise<void> {
    this.#nextTraining *= 2;
    const block = this.#history.toLearnFrom(this.open);
    if (block === null) return;
    const version = this.#trainings + 1;
    const { seed } = this.#given;
    const learnt = await learnVersion({
      block,
      settings: this.#settings,
      version,
      seed,
      signal: this.#signal,
    });
    if (learnt === null) return;
    await this.#engine.swap(learnt);
    this.#trainings = version;
    await this.#network?.close();
    this.#network = learnt.network;
  }

  /** Frees the net that was learnt; a version that was given belongs to whoever opened it. */
  async close(): Promise<void> {
    await this.#network?.close();
    this.#network = null;
  }
}
