import type { Tracing } from '@verdict/process';
import type { TrainingOrder, TrainingOutcome } from './run-training.ts';

/** One attempt of a training as a trace: what it was to train, and what came of it. */
export function inTrainingSpan(
  tracing: Tracing,
  order: TrainingOrder,
  train: () => Promise<TrainingOutcome>,
): Promise<TrainingOutcome> {
  const attributes = {
    'verdict.namespace': order.namespace,
    'verdict.model': order.model,
    'verdict.trigger': order.triggerId,
    'verdict.attempt': order.attempt,
  };
  return tracing.span('train model', { parent: null, attributes }, async (span) => {
    const outcome = await train();
    span.set({ 'verdict.outcome': outcome.state, 'verdict.version': outcome.version ?? undefined });
    return outcome;
  });
}
