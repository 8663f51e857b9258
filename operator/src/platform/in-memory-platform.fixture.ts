import { isDeepStrictEqual } from 'node:util';
import type {
  AnomalyModelSpec,
  Evaluation,
  ModelTrust,
  ModelView,
  PoolView,
  TrainingRunView,
  VersionState,
} from '@verdict/contracts';
import { DetectorPoolSpec } from '@verdict/contracts';
import type { ModelPlatform, PlatformName, PlatformReader, Pruned } from './platform.ts';
import { PlatformRefusedError, PlatformUnavailableError } from './platform-error.ts';

/** A write, as `around` is told of it. */
export type PlatformWrite = 'putModel' | 'beginTraining' | 'failTraining' | 'pruneVersions' | 'deleteModel';

const keyOf = ({ namespace, name }: PlatformName): string => `${namespace}/${name}`;

/** What a platform knows of models, in memory; its rules are the gateway's. Pools are there to be seen. */
export class InMemoryPlatform implements PlatformReader, ModelPlatform {
  readonly #models = new Map<string, ModelView>();
  readonly #pools = new Map<string, PoolView>();
  /** Every id that was ever used, by model. */
  readonly #trainings = new Map<string, Map<string, TrainingRunView>>();
  readonly #nowMs: () => number;
  /** While false, every call is refused as by a gateway that is away. */
  available = true;
  /** Models whose detectors hold partitions: they cannot be deleted. */
  readonly served = new Set<string>();
  /** Reads so far, and every write that was done, as `beginTraining default/shop asked-1`. */
  reads = 0;
  readonly writes: string[] = [];
  /** Runs before a write is done, and again after it: what others do in between, or a crash. */
  around: (write: PlatformWrite, when: 'before' | 'after') => void | Promise<void> = () => undefined;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  async models(namespace: string): Promise<readonly ModelView[]> {
    this.reads++;
    return this.#answer([...this.#models.values()].filter((one) => one.namespace === namespace));
  }

  async pools(namespace: string): Promise<readonly PoolView[]> {
    return this.#answer([...this.#pools.values()].filter((one) => one.namespace === namespace));
  }

  async putModel(model: PlatformName, spec: AnomalyModelSpec): Promise<void> {
    await this.#write('putModel', model, '', () => {
      const known = this.#models.get(keyOf(model));
      if (known && isDeepStrictEqual(known.spec, spec)) return;
      const anomalies = { total: 0, lastDay: 0, judgedTrue: 0, judgedFalse: 0 };
      const fresh = { champion: 0, versions: [], trainings: [], series: 0, readings: 0, anomalies };
      this.#models.set(keyOf(model), { ...model, ...fresh, trust: null, asked: null, ...known, spec });
    });
  }

  async beginTraining(model: PlatformName, triggerId: string): Promise<TrainingRunView> {
    return this.#write('beginTraining', model, triggerId, () => {
      const all = this.#runsOf(model);
      const startedAt = new Date(this.#nowMs()).toISOString();
      const run = {
        triggerId,
        state: 'running',
        startedAt,
        endedAt: null,
        version: null,
        message: '',
      } as const;
      if (!all.has(triggerId)) all.set(triggerId, run);
      return this.#shown(model, triggerId);
    });
  }

  async failTraining(model: PlatformName, triggerId: string, message: string): Promise<TrainingRunView> {
    return this.#write('failTraining', model, triggerId, () => {
      this.endTraining(model, triggerId, { state: 'failed', message });
      return this.#shown(model, triggerId);
    });
  }

  async pruneVersions(model: PlatformName, keep: number): Promise<Pruned> {
    return this.#write('pruneVersions', model, String(keep), () => ({ retired: [], deleted: [] }));
  }

  async deleteModel(model: PlatformName): Promise<void> {
    await this.#write('deleteModel', model, '', () => {
      if (this.served.has(keyOf(model)) || this.#models.get(keyOf(model))?.trainings.some(isRunning))
        throw new PlatformRefusedError('Not deleted: detectors are at work.', { status: 409 });
      this.#models.delete(keyOf(model));
      this.#trainings.delete(keyOf(model));
    });
  }

  /** A model itself, to look at. */
  model(name: string, namespace = 'default'): ModelView {
    const model = this.#models.get(`${namespace}/${name}`);
    if (!model) throw new Error(`no model ${namespace}/${name}`);
    return model;
  }

  knows(name: string, namespace = 'default'): boolean {
    return this.#models.has(`${namespace}/${name}`);
  }

  /** Changes what is known of a model. */
  change(name: string, more: Partial<ModelView>, namespace = 'default'): void {
    this.#models.set(`${namespace}/${name}`, { ...this.model(name, namespace), ...more });
  }

  /** A pool of the same name whose one partition a detector holds. */
  addPool(name: string, namespace = 'default'): void {
    const planned = { version: 0, shadow: null, fallback: null };
    const seenAt = '2026-01-01T00:00:00.000Z';
    this.#pools.set(`${namespace}/${name}`, {
      namespace,
      name,
      spec: DetectorPoolSpec.parse({ model: name, consumerGroup: name }),
      plan: { revision: 0, partitions: {} },
      partitions: [
        {
          partition: '0',
          holder: 'detector',
          epoch: 1,
          version: 0,
          shadow: null,
          shadows: [],
          planned,
          checkpoint: 0,
          readings: 0,
          duplicates: 0,
          lagEvents: 0,
          figures: [],
        },
      ],
      members: [{ holder: 'detector', address: null, seenAt }],
      rollout: { revision: 0, state: null, baseline: null, events: [], commands: [] },
    });
  }

  removePool(name: string, namespace = 'default'): void {
    this.#pools.delete(`${namespace}/${name}`);
  }

  /** What a training does at its end; the first end counts. */
  endTraining(
    model: PlatformName,
    triggerId: string,
    end: { state: 'succeeded' | 'refused' | 'failed'; version?: number; message?: string },
  ): void {
    const all = this.#runsOf(model);
    const run = all.get(triggerId);
    if (!run) throw new PlatformRefusedError(`The training ${triggerId} never began.`, { status: 404 });
    if (!isRunning(run)) return;
    const endedAt = new Date(this.#nowMs()).toISOString();
    const { state, version = null, message = '' } = end;
    all.set(triggerId, { ...run, state, version, message, endedAt });
    this.#shown(model, triggerId);
  }

  /** A version comes into the registry. */
  addVersion(name: string, version: number, state: VersionState, namespace = 'default'): void {
    const model = this.model(name, namespace);
    const found = {
      accepted: state !== 'refused',
      reasons: ['found 20 of 20 events'],
      candidate: {},
      baseline: {},
    };
    const evaluation: Evaluation = { ...found, baselineVersion: model.champion };
    const createdAt = new Date(this.#nowMs()).toISOString();
    const view = { version, state, createdAt, manifest: null, evaluation, servesSince: null };
    this.change(name, { versions: [...model.versions, view] }, namespace);
  }

  /** Older trainings are known, but not listed any more. */
  forgetTrainings(name: string, namespace = 'default'): void {
    this.change(name, { trainings: [] }, namespace);
  }

  #runsOf(model: PlatformName): Map<string, TrainingRunView> {
    const all = this.#trainings.get(keyOf(model)) ?? new Map<string, TrainingRunView>();
    this.#trainings.set(keyOf(model), all);
    return all;
  }

  /** The record, and the model's list brought up to it. */
  #shown(model: PlatformName, triggerId: string): TrainingRunView {
    const all = this.#runsOf(model);
    const view = this.#models.get(keyOf(model));
    const run = all.get(triggerId);
    if (!view || !run) throw new PlatformRefusedError('There is no such model or training.', { status: 404 });
    const trainings = [...all.values()].reverse().slice(0, 20);
    this.#models.set(keyOf(model), { ...view, trainings });
    return run;
  }

  async #write<T>(write: PlatformWrite, model: PlatformName, what: string, act: () => T): Promise<T> {
    this.#answer(null);
    await this.around(write, 'before');
    const done = act();
    this.writes.push(`${write} ${keyOf(model)} ${what}`.trim());
    await this.around(write, 'after');
    return structuredClone(done);
  }

  #answer<T>(value: T): T {
    if (!this.available) throw new PlatformUnavailableError('the gateway is away');
    return structuredClone(value);
  }
}

function isRunning({ state }: TrainingRunView): boolean {
  return state === 'running';
}

/** Trust by which most verdicts on a version say "false". */
export function distrust(version: number, lastVerdict: number, atMs: number): ModelTrust {
  const shares = { mean: 0.2, low: 0.1, high: 0.31 };
  const quality = { precision: null, recall: null, labelCoverage: null, anomalies: 24, judged: 24 };
  const at = new Date(atMs).toISOString();
  return {
    at,
    version,
    confidence: { state: 'bad', ...shares, tp: 4, fp: 20, judged: 24, contested: 0 },
    signs: [],
    drift: { verdict: 'calm', reason: 'no sign of drift', window: 7 },
    quality: { ...quality, tp: 4, fp: 20, missed: 0 },
    verdicts: [{ sequence: lastVerdict, at }],
    versions: {},
  };
}
