import { durationMs, type ModelView, type RolloutState } from '@verdict/contracts';
import { inProgress } from './rollout/rollout-state.ts';
import type { TriggerSituation } from './trigger.ts';

/**
 * What decides whether a model is to be trained, read from the platform's view of it and the rollout of its pool
 * (null = it never had one, or no pool). What was found out about another version than the champion says nothing.
 */
export function triggerSituation(
  model: ModelView,
  rollout: Pick<RolloutState, 'champion' | 'candidate' | 'lastAbort'> | null,
  nowMs: number,
): TriggerSituation {
  // A candidate that serves most partitions is still to show what it is worth.
  const champion = rollout !== null && inProgress(rollout) ? rollout.champion : model.champion;
  const trust = model.trust?.version === champion ? model.trust : null;
  const { every } = model.spec.training;
  return {
    model: { ...model, champion },
    nowMs,
    paused: model.spec.paused,
    asked: model.asked,
    everyMs: every === undefined ? null : durationMs(every),
    confidence: trust?.confidence ?? null,
    verdicts: (trust?.verdicts ?? []).map(({ sequence, at }) => ({ sequence, atMs: Date.parse(at) })),
    drift: trust?.drift ?? null,
    lastAbortMs: rollout?.lastAbort?.atMs ?? null,
    lastAbortAsked: rollout?.lastAbort?.asked ?? false,
    wasUsed: () => false,
  };
}
