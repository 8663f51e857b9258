import type { FalseAlarmMemory } from './anomalies/alarm-pattern.ts';
import { KnownAlarms } from './anomalies/known-alarms.ts';
import type { DetectionEngine, EngineOptions, SeriesStatus } from './detection-engine.ts';
import type { DetectionModel } from './detection-model.ts';
import { type AnomalyPolicy, inputWidth, policyOf } from './detection-settings.ts';
import type { EngineResult } from './engine-result.ts';
import { ReadingFigures } from './reading-figures.ts';
import { CallQueue } from './series/call-queue.ts';
import { finishStep, type Scoring } from './series/finish-step.ts';
import { Round } from './series/round.ts';
import { checkBlocks } from './series/scored-rows.ts';
import { SeriesBook } from './series/series-book.ts';
import { newestTime, readingCount } from './series/series-times.ts';
import type { SeriesBlock } from './series-block.ts';
import { applyChanges, writeChanges } from './state/changes.ts';
import type { Slot } from './state/memory.ts';
import { atOnce, inSlices, type Sliced } from './state/sliced.ts';
import { readSnapshot, sameUnits, writeSnapshot } from './state/snapshot.ts';
import { StateMarks } from './state/state-marks.ts';
import { adoptCalibration, calibrateUnit } from './unit/calibrate-unit.ts';
import { UnitScorer } from './unit/unit-scorer.ts';

/**
 * The engine. Takes the series of a call in groups and works in rounds: in round k the k-th reading of every series of
 * the group is scored, and their windows go through the net in one call. Everything else is per series, so any cut gives
 * equal results.
 */
export class Engine implements DetectionEngine {
  readonly #givenPolicy: Partial<AnomalyPolicy>;
  #policy: AnomalyPolicy;
  readonly #queue = new CallQueue();
  #scorer: UnitScorer;
  #round: Round;
  #book: SeriesBook;
  #memory: FalseAlarmMemory = new Map();
  #known: KnownAlarms;
  #input = new Float32Array(0);
  /** `null` until the first mark, and when everything has changed since. */
  #marks: StateMarks | null = null;
  /** Why no call can be taken now; `null` when one can. */
  #unavailable: string | null = null;

  constructor({ model, policy = {} }: EngineOptions) {
    checkModel(model);
    this.#givenPolicy = policy;
    this.#policy = { ...policyOf(model.settings), ...policy };
    this.#scorer = new UnitScorer(model, this.#policy.gapIntervals);
    this.#round = new Round(this.#scorer);
    this.#book = new SeriesBook(this.#scorer.shape);
    this.#known = new KnownAlarms(this.#memory, model.taught);
  }

  get version(): number {
    return this.#model.version;
  }

  get #model(): DetectionModel {
    return this.#scorer.model;
  }

  /**
   * Scores and learns. A block of wrong shape is a RangeError and changes nothing. When the net fails, the
   * promise rejects and the engine must be dropped: restore one from a snapshot.
   */
  async process(blocks: readonly SeriesBlock[]): Promise<EngineResult> {
    checkBlocks(blocks);
    return this.#alone('process', async () => {
      const figures = new ReadingFigures(this.#model.reference);
      const queue = this.#queue;
      const scoring = {
        round: this.#round,
        queue,
        book: this.#book,
        policy: this.#policy,
        known: this.#known,
        figures,
      };
      queue.start(blocks, this.#book);
      for (let from = 0; from < queue.size; ) {
        from = queue.open(from, this.#round.groupOf(queue));
        while (queue.waiting > 0) await this.#runRound(scoring);
      }
      return { ...queue.finish(this.#book), figures: figures.figures() };
    });
  }

  /** Scores the next reading of every series that is open, as many at once as make a full batch for the net. */
  async #runRound(scoring: Scoring): Promise<void> {
    const { round, queue } = scoring;
    const { active } = queue;
    let left = 0;
    for (let at = 0; at < queue.waiting; ) {
      round.clear();
      for (; at < queue.waiting && !round.isFull; at += 1) {
        const place = active[at] ?? 0;
        if (!queue.next(place, this.#book)) continue;
        round.begin(place, queue, this.#book, this.#policy.gapIntervals);
        active[left] = place;
        left += 1;
      }
      if (round.networkSize > 0) await this.#askNetwork(round);
      for (let step = 0; step < round.count; step += 1) finishStep(scoring, step);
    }
    queue.waiting = left;
  }

  async #askNetwork({ readings, networkSize, scorer }: Round): Promise<void> {
    const { network } = scorer.model;
    if (network === null || scorer.view === null) return;
    if (this.#input.length < networkSize) this.#input = new Float32Array(networkSize);
    for (let reading = 0; reading < readings.count; reading += 1) scorer.fill(readings, reading, this.#input);
    const output = await network.run(this.#input, networkSize / network.inputWidth);
    if (output.length < networkSize)
      throw new Error(`the net gave ${output.length} numbers for ${networkSize}`);
    scorer.view.show(this.#input, output);
  }

  swap(model: DetectionModel): Promise<void> {
    return this.#alone('swap', async () => {
      checkModel(model);
      const policy = { ...policyOf(model.settings), ...this.#givenPolicy };
      const next = new UnitScorer(model, policy.gapIntervals);
      const goOn = sameUnits(model.settings, this.#model.settings);
      const fresh = [];
      if (goOn) for (const unit of this.#units()) fresh.push(await calibrateUnit(unit, this.#scorer, next));
      // Nothing has changed up to here, so a net that fails leaves the engine as it was.
      this.#marks = null;
      if (!goOn) this.#book.dropUnits(next.shape);
      else if (next.habits !== this.#scorer.habits) this.#book.reshapeUnits(this.#scorer.shape, next.shape);
      this.#policy = policy;
      this.#scorer = next;
      this.#round = new Round(next);
      this.#known = new KnownAlarms(this.#memory, model.taught);
      let at = 0;
      if (goOn)
        for (const unit of this.#units()) {
          const calibration = fresh[at];
          if (calibration !== undefined) adoptCalibration(unit, next, calibration);
          at += 1;
        }
    });
  }

  /** All units, always in the same order. */
  *#units(): Iterable<Slot> {
    for (const [, series] of this.#book.all())
      for (const { unit } of this.#book.units(series)) yield this.#book.unitSlot(unit);
  }

  setMemory(memory: FalseAlarmMemory): void {
    if (this.#unavailable !== null) throw new Error(`cannot set the memory: ${this.#unavailable}`);
    this.#memory = memory;
    this.#known = new KnownAlarms(memory, this.#model.taught);
  }

  takeAnomalies(from: DetectionEngine): void {
    if (this.#unavailable !== null) throw new Error(`cannot take anomalies: ${this.#unavailable}`);
    if (!(from instanceof Engine)) throw new TypeError('only an engine of the same kind has such anomalies');
    this.#marks = null;
    for (const [key, series] of this.#book.all()) {
      const other = from.#book.find(key);
      this.#book.setTracker(series, other < 0 ? null : (from.#book.tracker(other)?.copy() ?? null));
    }
  }

  snapshot(): Uint8Array {
    return atOnce(this.snapshotSteps());
  }

  *snapshotSteps(): Sliced<Uint8Array> {
    if (this.#unavailable !== null) throw new Error(`no snapshot: ${this.#unavailable}`);
    return yield* writeSnapshot(this.#model, this.#book);
  }

  *markSteps(): Sliced<void> {
    if (this.#unavailable !== null) throw new Error(`no mark: ${this.#unavailable}`);
    this.#marks ??= new StateMarks(this.#book, this.#scorer.shape.words);
    yield* this.#marks.move();
  }

  *changesSteps(): Sliced<Uint8Array | null> {
    if (this.#unavailable !== null) throw new Error(`no changes: ${this.#unavailable}`);
    return this.#marks === null ? null : yield* writeChanges(this.#model, this.#marks);
  }

  /**
   * An engine that goes on exactly where the snapshot was taken, or the last of the changes that followed it. Where
   * changes are given, be it none, it is marked there, so that further ones can follow. If the snapshot was taken with
   * another model version, what belongs to the version is filled as by {@link swap}.
   * @throws SnapshotError for bytes that are damaged or of another format
   */
  static async restore(
    bytes: Uint8Array,
    options: EngineOptions,
    changes: readonly Uint8Array[] | null = null,
  ): Promise<Engine> {
    const engine = new Engine(options);
    const { book, model: taken } = await inSlices(readSnapshot(bytes));
    for (const one of changes ?? []) await inSlices(applyChanges(one, taken, book));
    engine.#book = book;
    const { model } = options;
    if (
      taken.version === model.version &&
      JSON.stringify(taken.settings) === JSON.stringify(model.settings)
    ) {
      if (changes !== null) await inSlices(engine.markSteps());
      return engine;
    }
    engine.#scorer = new UnitScorer(taken, engine.#policy.gapIntervals);
    await engine.swap(model);
    return engine;
  }

  *series(): Iterable<SeriesStatus> {
    for (const [key, series] of this.#book.inOrder()) {
      const { memory, at } = this.#book.slot(series);
      yield {
        key,
        newestTime: newestTime(memory, at),
        readings: readingCount(memory, at),
        state: this.#isWarming(series) ? 'warming' : 'scored',
        openAnomaly: this.#book.tracker(series)?.open ?? null,
      };
    }
  }

  #isWarming(series: number): boolean {
    return this.#book.units(series).every(({ unit }) => this.#scorer.isWarming(this.#book.unitSlot(unit)));
  }

  forget(series: string): boolean {
    if (this.#unavailable !== null) throw new Error(`cannot forget ${series}: ${this.#unavailable}`);
    return this.#book.remove(series);
  }

  async #alone<T>(verb: string, work: () => Promise<T>): Promise<T> {
    if (this.#unavailable !== null) throw new Error(`cannot ${verb}: ${this.#unavailable}`);
    this.#unavailable = 'another call has not ended yet';
    let failed = verb === 'process';
    try {
      const result = await work();
      failed = false;
      return result;
    } finally {
      this.#unavailable = failed ? 'an earlier batch failed halfway; restore from a snapshot' : null;
    }
  }
}

function checkModel({ version, network, settings }: DetectionModel): void {
  if ((version === 0) !== (network === null))
    throw new RangeError('version 0, and only it, comes without a net');
  const width = inputWidth(settings);
  if (network !== null && network.inputWidth !== width) {
    throw new RangeError(
      `the net takes ${network.inputWidth} numbers per window, the settings make ${width}`,
    );
  }
}
