import { Counter, type Registry } from '@verdict/process';
import type { ReadVerdicts } from './read-verdicts.ts';

/** `verdict_feedback_events_total{kind}` in the registry: counts verdicts, reports, and events that are neither. */
export function feedbackCounter(registry: Registry): (recorded: ReadVerdicts) => void {
  const counter = new Counter({
    name: 'verdict_feedback_events_total',
    help: 'Events of the feedback hub that were recorded, by kind.',
    labelNames: ['kind'],
    registers: [registry],
  });
  return ({ events, missed, undecodable }) => {
    counter.inc({ kind: 'verdict' }, events.length);
    counter.inc({ kind: 'missed' }, missed.length);
    counter.inc({ kind: 'undecodable' }, undecodable.length);
  };
}
