import type { Comparison, Evaluation } from '@verdict/contracts';
import type { DetectionModel } from '@verdict/detection';
import { championOf } from '@verdict/lifecycle';
import type { ModelRow } from '@verdict/storage';
import { evaluate, type TrainingBlock } from '@verdict/training';
import { comparisonOf } from './compare.ts';
import { decide } from './decide.ts';
import { knownEvents, type LabelEvent } from './label-events.ts';
import { loadChampion } from './load-champion.ts';
import type { TrainingParts } from './run-training.ts';

/** Runs a candidate against the version that serves now, and decides. */
export async function judge(
  {
    plans,
    rollouts,
    blobs,
    trusted,
    logger,
    signal,
  }: Pick<TrainingParts, 'plans' | 'rollouts' | 'blobs' | 'trusted' | 'logger' | 'signal'>,
  request: {
    model: ModelRow;
    triggerId: string;
    pool: string;
    /** Anomalies per 1000 readings that are nominal on this pool, as its rollouts and signs see it. */
    nominalPerThousand: number;
    candidate: DetectionModel;
    blocks: readonly TrainingBlock[];
    heldBackFrom: number;
    events: readonly LabelEvent[];
    seed: number;
  },
): Promise<{ evaluation: Evaluation; comparison: Comparison }> {
  const { model, triggerId, candidate, events, blocks, heldBackFrom, seed } = request;
  const { partitions } = await plans.poolState(request.pool);
  const { state } = await rollouts.get(request.pool);
  const champion = await loadChampion({
    blobs,
    trusted,
    namespace: model.namespace,
    model: model.name,
    version: championOf(
      partitions.map(({ version }) => version),
      state,
    ),
    settings: candidate.settings,
  });
  try {
    if (champion.standsIn !== null)
      logger.warn({ reason: champion.standsIn }, 'the champion cannot be loaded');
    const evidence = await evaluate({
      blocks,
      heldBackFrom,
      candidate,
      champion: champion.model,
      events: knownEvents(events),
      seed,
      signal,
      onProgress: (done) => logger.info({ phase: 'judging', done: Number(done.toFixed(2)) }, 'training'),
    });
    const evaluation = decide({
      evidence,
      gates: { ...model.spec.acceptance, nominalPerThousand: request.nominalPerThousand },
      triggerId,
      taughtPatterns: candidate.taught.length,
      notes: champion.standsIn === null ? [] : [champion.standsIn],
    });
    return { evaluation, comparison: comparisonOf(evidence) };
  } finally {
    await champion.network?.close();
  }
}
