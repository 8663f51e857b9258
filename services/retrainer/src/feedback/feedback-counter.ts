import { Counter, type Registry } from '@verdict/process';

/** Counts what was recorded: verdicts, and events that are none. */
export type CountFeedback = (recorded: { verdicts: number; undecodable: number }) => void;

/** `verdict_feedback_events_total{kind}` in the registry. */
export function feedbackCounter(registry: Registry): CountFeedback {
  const events = new Counter({
    name: 'verdict_feedback_events_total',
    help: 'Events of the feedback hub that were recorded, by kind.',
    labelNames: ['kind'],
    registers: [registry],
  });
  return ({ verdicts, undecodable }) => {
    events.inc({ kind: 'verdict' }, verdicts);
    events.inc({ kind: 'undecodable' }, undecodable);
  };
}
