import type { FalseAlarmMemory } from './alarm-pattern.ts';
import type { DetectionEngine, EngineOptions, SeriesStatus } from './detection-engine.ts';
import type { DetectionModel } from './detection-model.ts';
import { type AnomalyPolicy, defaultPolicy, inputWidth } from './detection-settings.ts';
import type { EngineResult } from './engine-result.ts';
import { KnownAlarms } from './known-alarms.ts';
import type { NetworkView } from './network-view.ts';
import { ReadingFigures } from './reading-figures.ts';
import { type QueuedBlock, ReadingQueue } from './reading-queue.ts';
import { finishStep, type Scoring, type SeriesStep, type UnitStep } from './score-reading.ts';
import type { SeriesBlock } from './series-block.ts';
import { SeriesState, unitColumns } from './series-state.ts';
import { readSnapshot, sameUnits, writeSnapshot } from './snapshot.ts';
import type { UnitCalibration } from './unit-calibration.ts';
import { unitValues } from './unit-values.ts';

/**
 * The engine. Works in rounds: in round k the k-th reading of every series is scored, and all windows of
 * a round go through the net in one call. Everything else is per series, so any cut gives equal results.
 */
export class Engine implements DetectionEngine {
  readonly #policy: AnomalyPolicy;
  readonly #states = new Map<string, SeriesState>();
  #model: DetectionModel;
  #memory: FalseAlarmMemory = new Map();
  #known: KnownAlarms;
  #input = new Float32Array(0);
  /** Why no call can be taken now; `null` when one can. */
  #unavailable: string | null = null;

  constructor({ model, policy = {} }: EngineOptions) {
    checkModel(model);
    this.#model = model;
    this.#known = new KnownAlarms(this.#memory, model.taught);
    this.#policy = { ...defaultPolicy, ...policy };
  }

  get version(): number {
    return this.#model.version;
  }

  /**
   * Scores and learns. A block of wrong shape is a RangeError and changes nothing. When the net fails, the
   * promise rejects and the engine must be dropped: restore one from a snapshot.
   */
  async process(blocks: readonly SeriesBlock[]): Promise<EngineResult> {
    const { queues, queued } = this.#queue(blocks);
    return this.#alone('process', async () => {
      const figures = new ReadingFigures(this.#model.reference);
      const scoring = { model: this.#model, policy: this.#policy, known: this.#known, figures };
      let active = [...queues.values()];
      for (;;) {
        const steps: SeriesStep[] = [];
        active = active.filter((queue) => {
          const step = this.#begin(queue, steps.at(-1)?.end ?? 0);
          if (step !== null) steps.push(step);
          return step !== null;
        });
        if (active.length === 0) break;
        await this.#finishRound(steps, active, scoring);
      }
      return {
        scored: queued.map(({ open }) => open.finish()).filter((block) => block !== null),
        anomalies: [...queues.values()].flatMap((queue) => queue.changes),
        refused: queued.flatMap(({ refused }) => refused),
        figures: figures.figures(),
      };
    });
  }

  #queue(blocks: readonly SeriesBlock[]): { queues: Map<string, ReadingQueue>; queued: QueuedBlock[] } {
    const queues = new Map<string, ReadingQueue>();
    const queued = blocks.map((block) => {
      let queue = queues.get(block.series);
      if (queue === undefined) {
        queue = new ReadingQueue(this.#states.get(block.series) ?? new SeriesState(block.series));
        queues.set(block.series, queue);
      }
      return queue.add(block);
    });
    return { queues, queued };
  }

  /** First half of a round for one series: takes its next reading apart into units. */
  #begin(queue: ReadingQueue, start: number): SeriesStep | null {
    const next = queue.next();
    if (next === null) return null;
    const { state } = queue;
    const { block, row, time } = next;
    this.#states.set(state.key, state);
    const gap = state.advance(time, this.#policy.gapIntervals);
    const units: UnitStep[] = [];
    let end = start;
    for (const { name, columns } of unitColumns(this.#model, block.given.signals)) {
      const values = unitValues(block.given, row, columns);
      if (values === null) continue;
      const unit = state.unit(name, columns.length);
      if (unit === null) continue;
      const reading = unit.begin(values, time, this.#model, this.#policy.gapIntervals);
      units.push({ unit, reading, columns, offset: end });
      end += reading.networkRows * inputWidth(this.#model.settings);
    }
    return { state, block, row, time, gap, units, end };
  }

  async #finishRound(
    steps: readonly SeriesStep[],
    queues: readonly ReadingQueue[],
    scoring: Scoring,
  ): Promise<void> {
    const { network, settings } = this.#model;
    const size = steps.at(-1)?.end ?? 0;
    const { window } = settings;
    let output: Float32Array = new Float32Array(0);
    if (network !== null && size > 0) {
      if (this.#input.length < size) this.#input = new Float32Array(2 * size);
      for (const { units } of steps) {
        for (const { unit, reading, offset } of units) {
          if (reading.networkRows > 0) unit.fill(reading, window, this.#input, offset);
        }
      }
      output = await network.run(this.#input, size / network.inputWidth);
      if (output.length < size) throw new Error(`the net gave ${output.length} numbers for ${size}`);
    }
    const view = ({ unit, reading, offset }: UnitStep): NetworkView | null =>
      reading.networkRows === 0 ? null : { input: this.#input, output, offset, window, width: unit.width };
    steps.forEach((step, index) => {
      queues[index]?.changes.push(...finishStep(step, scoring, view));
    });
  }

  swap(model: DetectionModel): Promise<void> {
    return this.#alone('swap', async () => {
      checkModel(model);
      const anew = !sameUnits(model.settings, this.#model.settings);
      const fresh: { adopt: (calibration: UnitCalibration) => void; calibration: UnitCalibration }[] = [];
      if (!anew) {
        for (const state of this.#states.values()) {
          for (const unit of state.units()) {
            const calibration = await unit.calibrationFor(model);
            fresh.push({ adopt: (it) => unit.adopt(it), calibration });
          }
        }
      }
      // Nothing has changed up to here, so a net that fails leaves the engine as it was.
      for (const { adopt, calibration } of fresh) adopt(calibration);
      if (anew) for (const state of this.#states.values()) state.dropUnits();
      this.#model = model;
      this.#known = new KnownAlarms(this.#memory, model.taught);
    });
  }

  setMemory(memory: FalseAlarmMemory): void {
    if (this.#unavailable !== null) throw new Error(`cannot set the memory: ${this.#unavailable}`);
    this.#memory = memory;
    this.#known = new KnownAlarms(memory, this.#model.taught);
  }

  snapshot(): Uint8Array {
    if (this.#unavailable !== null) throw new Error(`no snapshot: ${this.#unavailable}`);
    return writeSnapshot(this.#model, this.#states);
  }

  /**
   * An engine that goes on exactly where the snapshot was taken. If it was taken with another model
   * version, what belongs to the version is filled as by {@link swap}.
   * @throws SnapshotError for bytes that are damaged or of another format
   */
  static async restore(bytes: Uint8Array, options: EngineOptions): Promise<Engine> {
    const engine = new Engine(options);
    const { states, model: taken } = readSnapshot(bytes);
    for (const state of states) engine.#states.set(state.key, state);
    const { model } = options;
    if (
      taken.version === model.version &&
      JSON.stringify(taken.settings) === JSON.stringify(model.settings)
    ) {
      return engine;
    }
    engine.#model = taken;
    await engine.swap(model);
    return engine;
  }

  *series(): Iterable<SeriesStatus> {
    for (const key of [...this.#states.keys()].sort()) {
      const state = this.#states.get(key);
      if (state === undefined) continue;
      yield {
        key,
        newestTime: state.newestTime,
        readings: state.readings,
        state: state.isWarming(this.#model) ? 'warming' : 'scored',
        openAnomaly: state.tracker.open,
      };
    }
  }

  forget(series: string): boolean {
    if (this.#unavailable !== null) throw new Error(`cannot forget ${series}: ${this.#unavailable}`);
    return this.#states.delete(series);
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
