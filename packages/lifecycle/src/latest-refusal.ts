import type { TrainingRunView } from '@verdict/contracts';

/**
 * When a model's newest attempt at a better version came to nothing, epoch ms: a training that was refused or
 * failed, or a rollout that was taken back; null when there is none, or when a training succeeded since.
 */
export function latestRefusalMs(
  trainings: readonly Pick<TrainingRunView, 'state' | 'startedAt' | 'endedAt'>[],
  lastAbortMs: number | null,
): number | null {
  let refusedMs = lastAbortMs ?? Number.NEGATIVE_INFINITY;
  let succeededMs = Number.NEGATIVE_INFINITY;
  for (const { state, startedAt, endedAt } of trainings) {
    const atMs = Date.parse(endedAt ?? startedAt);
    if (state === 'succeeded') succeededMs = Math.max(succeededMs, atMs);
    else if (state !== 'running') refusedMs = Math.max(refusedMs, atMs);
  }
  return refusedMs > succeededMs ? refusedMs : null;
}
