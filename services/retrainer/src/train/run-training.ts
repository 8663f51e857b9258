import { durationMs, type Evaluation } from '@verdict/contracts';
import { builtInModel, detectionSettings } from '@verdict/detection';
import { openNetwork } from '@verdict/inference';
import type { Clock, Logger } from '@verdict/process';
import type { BlobStore, HistoryStore, ModelRow, PlanStore, RegistryStore } from '@verdict/storage';
import { evaluate, TooLittleHistoryError, type TrainingResult, train } from '@verdict/training';
import { loadHistory, type TrainingHistory } from './load-history.ts';
import { manifestOf, publish } from './publish.ts';

/** What a training needs. */
export interface TrainingParts {
  readonly registry: RegistryStore;
  readonly plans: PlanStore;
  readonly history: HistoryStore;
  readonly blobs: BlobStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Which training: a model, and the trigger that asked for it. */
export interface TrainingOrder {
  readonly namespace: string;
  readonly model: string;
  readonly triggerId: string;
}

/** How a training ended. `skipped`: this trigger was answered before. */
export interface TrainingOutcome {
  readonly state: 'succeeded' | 'refused' | 'skipped';
  readonly version: number | null;
  readonly message: string;
}

/**
 * Trains one model for one trigger: history → fit → evaluation → version in the registry. A trigger that was
 * begun but not ended (the job was killed) is gone on with; one that ended is not done again. Whatever is
 * thrown is recorded as a failure first.
 */
export async function runTraining(parts: TrainingParts, order: TrainingOrder): Promise<TrainingOutcome> {
  const { registry } = parts;
  const model = (await registry.models()).find(
    ({ namespace, name }) => namespace === order.namespace && name === order.model,
  );
  if (!model) throw new Error(`there is no model ${order.namespace}/${order.model}`);
  if (!(await registry.beginTraining(order)) && (await hasEnded(registry, order)))
    return { state: 'skipped', version: null, message: `trigger ${order.triggerId} was answered before` };
  try {
    const outcome = await learn(parts, model);
    await registry.endTraining({ ...order, ...outcome });
    return outcome;
  } catch (error) {
    // A job that is being stopped leaves its training begun, so that the next attempt goes on with it.
    if (!parts.signal.aborted)
      await registry.endTraining({
        ...order,
        state: 'failed',
        version: null,
        message: (error as Error).message,
      });
    throw error;
  }
}

async function hasEnded(registry: RegistryStore, order: TrainingOrder): Promise<boolean> {
  const runs = await registry.trainings(order.namespace, order.model, 100);
  return runs.some((run) => run.triggerId === order.triggerId && run.state !== 'running');
}

type Learnt = TrainingOutcome & { state: 'succeeded' | 'refused' };

async function learn(parts: TrainingParts, model: ModelRow): Promise<Learnt> {
  const { registry, blobs, clock, logger, signal } = parts;
  const nowMs = clock.nowMs();
  const history = await loadHistory({
    history: parts.history,
    pool: await poolOf(parts.plans, model),
    fromMs: nowMs - durationMs(model.spec.training.history),
    toMs: nowMs,
  });
  logger.info({ series: history.series, readings: history.readings }, 'history loaded');
  const result = await fit(parts, model, history);
  if (typeof result === 'string') return { state: 'refused', version: null, message: result };
  const evaluation = await judge(result, history, signal);
  const version = await registry.reserveVersion(model.namespace, model.name);
  const manifest = manifestOf({ model: model.name, version, history, result, nowMs: clock.nowMs() });
  await publish({
    blobs,
    registry,
    namespace: model.namespace,
    manifest,
    evaluation,
    onnx: result.onnx,
    nowMs,
  });
  const state = evaluation.accepted ? 'succeeded' : 'refused';
  return { state, version, message: evaluation.reasons.join('; ') };
}

async function poolOf(plans: PlanStore, model: ModelRow): Promise<string> {
  const pool = (await plans.pools()).find(
    ({ namespace, spec }) => namespace === model.namespace && spec.model === model.name,
  );
  if (!pool) throw new Error(`no pool serves model ${model.namespace}/${model.name}, so it has no history`);
  return `${pool.namespace}/${pool.name}`;
}

/** The fitted net, or why there is none. */
async function fit(
  { clock, logger, signal }: TrainingParts,
  model: ModelRow,
  history: TrainingHistory,
): Promise<TrainingResult | string> {
  const { signals, window, training } = model.spec;
  try {
    return await train({
      blocks: history.blocks,
      settings: detectionSettings({ signals, window }),
      seed: training.seed,
      signal,
      now: () => clock.monotonicMs(),
      onProgress: ({ phase, done }) => logger.info({ phase, done: Number(done.toFixed(2)) }, 'training'),
    });
  } catch (error) {
    if (error instanceof TooLittleHistoryError) return error.message;
    throw error;
  }
}

async function judge(
  result: TrainingResult,
  history: TrainingHistory,
  signal: AbortSignal,
): Promise<Evaluation> {
  const { settings, calibration } = result;
  const network = await openNetwork(result.onnx);
  try {
    const verdict = await evaluate({
      blocks: history.blocks,
      heldBackFrom: result.heldBackFrom,
      candidate: { version: 1, settings, network, calibration },
      baseline: builtInModel(settings),
      seed: result.seed,
      signal,
    });
    return {
      accepted: verdict.accepted,
      reasons: [...verdict.reasons],
      candidate: { ...verdict.candidate },
      baselineVersion: 0,
      baseline: { ...verdict.baseline },
    };
  } finally {
    await network.close();
  }
}
