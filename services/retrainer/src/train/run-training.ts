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
  readonly registry: Pick<
    RegistryStore,
    'models' | 'beginTraining' | 'endTraining' | 'trainings' | 'reserveVersion' | 'putVersion'
  >;
  readonly plans: Pick<PlanStore, 'pools'>;
  readonly history: Pick<HistoryStore, 'readPool'>;
  readonly blobs: Pick<BlobStore, 'put'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Which training: a model, and the trigger that asked for it. */
export interface TrainingOrder {
  readonly namespace: string;
  readonly model: string;
  readonly triggerId: string;
  /** From 1; beyond `mostAttempts` nothing is trained, only the failure recorded. */
  readonly attempt: number;
  readonly mostAttempts: number;
}

/** How a training ended. `skipped`: this trigger was answered before. */
export interface TrainingOutcome {
  readonly state: 'succeeded' | 'refused' | 'skipped';
  readonly version: number | null;
  readonly message: string;
}

/**
 * Trains one model for one trigger: history → fit → evaluation → version in the registry. A trigger that was
 * begun but not ended (the job was killed) is gone on with; one that ended is not done again. What is thrown at
 * the last attempt is recorded as a failure first; before it, the training stays begun for the next attempt.
 */
export async function runTraining(parts: TrainingParts, order: TrainingOrder): Promise<TrainingOutcome> {
  const { registry, signal } = parts;
  const { attempt, mostAttempts, ...run } = order;
  const model = (await registry.models()).find(
    ({ namespace, name }) => namespace === run.namespace && name === run.model,
  );
  if (!model) throw new Error(`there is no model ${run.namespace}/${run.model}`);
  if (!(await registry.beginTraining(run)) && (await hasEnded(registry, run)))
    return { state: 'skipped', version: null, message: `trigger ${run.triggerId} was answered before` };
  try {
    if (attempt > mostAttempts)
      throw new Error(`all ${mostAttempts} attempts ended before they had a result`);
    const outcome = await learn(parts, model);
    await registry.endTraining({ ...run, ...outcome });
    return outcome;
  } catch (error) {
    // A job that is being stopped leaves its training begun too: it was not its fault.
    if (attempt >= mostAttempts && !signal.aborted)
      await registry.endTraining({ ...run, state: 'failed', version: null, message: messageOf(error) });
    throw error;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function hasEnded(
  registry: TrainingParts['registry'],
  order: Pick<TrainingOrder, 'namespace' | 'model' | 'triggerId'>,
): Promise<boolean> {
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
  const { series, readings, leftOut } = history;
  logger.info({ series, readings, leftOut }, 'history loaded');
  const result = await fit(parts, model, history);
  if (typeof result === 'string') return { state: 'refused', version: null, message: result };
  const evaluation = await judge(result, history, signal);
  const version = await registry.reserveVersion(model.namespace, model.name);
  const createdAtMs = clock.nowMs();
  const manifest = manifestOf({ model: model.name, version, history, result, nowMs: createdAtMs });
  await publish({
    blobs,
    registry,
    namespace: model.namespace,
    manifest,
    evaluation,
    onnx: result.onnx,
    nowMs: createdAtMs,
  });
  const state = evaluation.accepted ? 'succeeded' : 'refused';
  return { state, version, message: evaluation.reasons.join('; ') };
}

async function poolOf(plans: TrainingParts['plans'], model: ModelRow): Promise<string> {
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
      candidate: { version: 1, settings, network, calibration, reference: null, taught: [] },
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
