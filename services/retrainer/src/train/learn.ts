import { type DetectorPoolSpec, durationMs } from '@verdict/contracts';
import { type DetectionModel, detectionSettings } from '@verdict/detection';
import { openNetwork } from '@verdict/inference';
import type { ModelRow } from '@verdict/storage';
import { TooLittleHistoryError, type TrainingResult, teachPatterns, train } from '@verdict/training';
import { judge } from './judge.ts';
import { type LabelEvent, labelEvents } from './label-events.ts';
import { loadHistory } from './load-history.ts';
import { loadLabels } from './load-labels.ts';
import { type MarkedHistory, markRows } from './mark-rows.ts';
import { newestReading } from './newest-reading.ts';
import { labelsOf, manifestOf, publish, referenceOf } from './publish.ts';
import type { TrainingOutcome, TrainingParts } from './run-training.ts';

/** How a training that came to an end ended. */
export type Learnt = TrainingOutcome & { state: 'succeeded' | 'refused' };

/** Makes a version of a model from its history and what people said about it, and publishes it with the judgement. */
export async function learn(
  parts: TrainingParts,
  { model, triggerId }: { model: ModelRow; triggerId: string },
): Promise<Learnt> {
  const { registry, clock, logger, signal } = parts;
  const { key: pool, spec: poolSpec } = await poolOf(parts.plans, model);
  const toMs = clock.nowMs();
  const fromMs = toMs - durationMs(model.spec.training.history);
  const history = await loadHistory({ history: parts.history, pool, fromMs, toMs });
  const { series, readings, leftOut } = history;
  logger.info({ series, readings, leftOut }, 'history loaded');
  if (readings === 0) return refused(await noHistory(parts, { model, pool, fromMs, toMs }));
  const labels = await loadLabels({
    labels: parts.labels,
    namespace: model.namespace,
    model: model.name,
    fromMs: history.fromMs,
    toMs: history.toMs,
    series: new Set(history.blocks.map((block) => block.series)),
  });
  const events = labelEvents(labels);
  const uses = Object.fromEntries(
    [...Map.groupBy(events, ({ use }) => use)].map(([use, all]) => [use, all.length]),
  );
  logger.info({ ...uses, cutShort: labels.cutShort }, 'labels loaded');
  const marked = markRows(history.blocks, events);
  const result = await fit(parts, model, marked);
  if (typeof result === 'string') return refused(result);
  const network = await openNetwork(result.onnx);
  try {
    const version = await registry.reserveVersion(model.namespace, model.name);
    const untaught: DetectionModel = {
      version,
      settings: result.settings,
      network,
      calibration: result.calibration,
      reference: referenceOf(result),
      taught: [],
    };
    const taught = await teachPatterns({
      blocks: marked.blocks,
      candidate: untaught,
      falseAlarms: marked.taught,
      real: events.filter(isRealPerhaps),
      signal,
    });
    const { windowsTrained, windowsTaught } = result;
    logger.info(
      { falseAlarms: marked.taught.length, windowsTrained, windowsTaught, patterns: taught.length },
      'false alarms taught',
    );
    const judged = await judge(parts, {
      model,
      triggerId,
      pool,
      nominalPerThousand: poolSpec.rollout.analysis.nominalPerThousand,
      candidate: { ...untaught, taught },
      blocks: marked.blocks,
      heldBackFrom: result.heldBackFrom,
      events,
      seed: result.seed,
    });
    const nowMs = clock.nowMs();
    const manifest = manifestOf({
      model: model.name,
      version,
      history,
      result,
      taught,
      labels: labelsOf(events, marked.taught, labels.lastVerdict),
      nowMs,
    });
    await publish({
      ...parts,
      ...judged,
      namespace: model.namespace,
      manifest,
      onnx: result.onnx,
      nowMs,
    });
    const { accepted, reasons } = judged.evaluation;
    return { state: accepted ? 'succeeded' : 'refused', version, message: reasons.join('; ') };
  } finally {
    await network.close();
  }
}

function refused(message: string): Learnt {
  return { state: 'refused', version: null, message };
}

/** What nobody may call normal on the strength of its likeness to a false alarm. */
function isRealPerhaps({ use }: LabelEvent): boolean {
  return use === 'confirmed' || use === 'undecided' || use === 'missed';
}

async function poolOf(
  plans: TrainingParts['plans'],
  model: ModelRow,
): Promise<{ key: string; spec: DetectorPoolSpec }> {
  const pool = (await plans.pools()).find(
    ({ namespace, spec }) => namespace === model.namespace && spec.model === model.name,
  );
  if (!pool) throw new Error(`no pool serves model ${model.namespace}/${model.name}, so it has no history`);
  return { key: `${pool.namespace}/${pool.name}`, spec: pool.spec };
}

/** Why there is nothing to learn from. */
async function noHistory(
  { series }: Pick<TrainingParts, 'series'>,
  { model, pool, fromMs, toMs }: { model: ModelRow; pool: string; fromMs: number; toMs: number },
): Promise<string> {
  const iso = (ms: number) => new Date(ms).toISOString();
  const newest = await newestReading(series, pool);
  const known = newest === null ? 'the pool has none at all' : `the newest one is of ${iso(newest)}`;
  return `there is no reading in the ${model.spec.training.history} of history that a training looks at (spec.training.history: ${iso(fromMs)} to ${iso(toMs)}); ${known}`;
}

/** The fitted net, or why there is none. */
async function fit(
  { clock, logger, signal }: TrainingParts,
  model: ModelRow,
  { blocks }: MarkedHistory,
): Promise<TrainingResult | string> {
  const { signals, window, recurring, training } = model.spec;
  try {
    return await train({
      blocks,
      settings: detectionSettings({ signals, window, recurring }),
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
