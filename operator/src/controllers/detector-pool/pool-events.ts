import type { RolloutEvent } from '@verdict/contracts';
import type { EventNote } from '../../kube/event-recorder.ts';
import type { Condition } from '../../resources/condition.ts';

const warnings = new Set<RolloutEvent['reason']>([
  'AnalysisFailed',
  'TakenBack',
  'RolledBack',
  'CommandRefused',
]);

/** A step of a rollout as an Event: what lifecycle said of it. */
export function rolloutNote({ reason, message }: RolloutEvent): EventNote {
  return { type: warnings.has(reason) ? 'Warning' : 'Normal', reason, action: 'Rollout', message };
}

/** A command by annotation that cannot be understood. */
export function refusedNote(annotation: string, value: string): EventNote {
  const message = `${annotation}=${value} is no version: give its number, such as 3`;
  return { type: 'Warning', reason: 'CommandRefused', action: 'Rollout', message };
}

/** What is bad about a condition: its status when it is so. Progress is told by the events of rollouts. */
const bad: Readonly<Record<string, readonly Condition['status'][]>> = {
  Ready: ['False', 'Unknown'],
  Degraded: ['True'],
  Stalled: ['True'],
};

/** One Event for each condition that says something else than before, in status or reason. */
export function transitionNotes(before: readonly Condition[], after: readonly Condition[]): EventNote[] {
  return after.flatMap((now): EventNote[] => {
    const then = before.find(({ type }) => type === now.type);
    if (then?.status === now.status && then.reason === now.reason) return [];
    const isBad = bad[now.type]?.includes(now.status) ?? standsStill(now);
    const wasBad = then !== undefined && (bad[now.type]?.includes(then.status) ?? standsStill(then));
    // Ready is told also when it becomes so for the first time; the others only when something was wrong.
    if (!isBad && !wasBad && !(now.type === 'Ready' && then === undefined)) return [];
    const message = now.message === '' ? `${now.type} is ${now.status}` : now.message;
    return [{ type: isBad ? 'Warning' : 'Normal', reason: now.reason, action: now.type, message }];
  });
}

/** A rollout that should go on and cannot; one that waits, is paused or complete is well. */
function standsStill({ type, status, reason }: Condition): boolean {
  return type === 'Progressing' && status === 'False' && !['Paused', 'Complete'].includes(reason);
}
