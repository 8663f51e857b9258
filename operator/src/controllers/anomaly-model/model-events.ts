import type { EventNote } from '../../kube/event-recorder.ts';
import type { AnomalyModelStatus } from '../../resources/anomaly-model-status.ts';
import { conditionOf } from '../../resources/condition.ts';
import { annotation } from '../../resources/labels.ts';
import { askedTraining } from './asked-training.ts';
import { versionName } from './model-conditions.ts';
import type { ModelFacts } from './model-facts.ts';

/** What happened between two statuses of a model, one note per transition. */
export function modelEvents(before: AnomalyModelStatus, after: AnomalyModelStatus): EventNote[] {
  return [
    ...conditionNotes(before, after),
    ...versionNotes(before, after),
    ...confidenceNotes(before, after),
    ...trainingNotes(before, after),
  ];
}

/** Ready and Stalled, each time that status or reason changes; what is well from the beginning needs no word. */
function conditionNotes(before: AnomalyModelStatus, after: AnomalyModelStatus): EventNote[] {
  return (['Ready', 'Stalled'] as const).flatMap((type): EventNote[] => {
    const then = conditionOf(before.conditions ?? [], type);
    const now = conditionOf(after.conditions ?? [], type);
    if (now === undefined || (then?.status === now.status && then.reason === now.reason)) return [];
    const isBad = type === 'Stalled' ? now.status === 'True' : now.status !== 'True';
    const quiet = type === 'Stalled' && !isBad && then?.status !== 'True';
    if (quiet) return [];
    const message = now.message === '' ? `${type} is ${now.status}` : now.message;
    return [{ type: isBad ? 'Warning' : 'Normal', reason: now.reason, action: type, message }];
  });
}

function versionNotes(before: AnomalyModelStatus, after: AnomalyModelStatus): EventNote[] {
  const [then, now] = [before.activeVersion, after.activeVersion];
  if (then === undefined || now === undefined || then === now) return [];
  const message = `${versionName(now)} serves instead of ${versionName(then)}`;
  return [{ type: 'Normal', reason: 'VersionServes', action: 'Rollout', message }];
}

function confidenceNotes(before: AnomalyModelStatus, after: AnomalyModelStatus): EventNote[] {
  const [then, now] = [before.confidence, after.confidence];
  if (now === undefined || (then?.state === now.state && then.version === now.version)) return [];
  // That nothing is known yet of a version is no news.
  if (now.state === 'unknown' && then?.version !== now.version) return [];
  const message = `confidence in ${versionName(now.version)} is ${now.state}: ${now.text} of its alarms are real by ${now.judged} judged anomalies`;
  const type = now.state === 'bad' ? 'Warning' : 'Normal';
  return [{ type, reason: `Confidence${word(now.state)}`, action: 'Judge', message }];
}

function trainingNotes(before: AnomalyModelStatus, after: AnomalyModelStatus): EventNote[] {
  const now = after.lastTraining;
  if (now === undefined) return [];
  const then = before.lastTraining?.triggerId === now.triggerId ? before.lastTraining.state : undefined;
  if (then === now.state) return [];
  // The first word about a model that goes on from before is no place for what was long ago.
  if (before.observedGeneration === undefined && now.endedAt !== undefined) return [];
  const note = (reason: string, message: string, type: EventNote['type'] = 'Normal'): EventNote => ({
    type,
    reason,
    action: 'Train',
    message,
  });
  const { triggerId, job, reason = '', message = '' } = now;
  switch (now.state) {
    case 'pending':
      return [];
    case 'running':
      return [note('TrainingStarted', `training ${triggerId} runs as Job ${job}: ${reason}`)];
    case 'succeeded':
      return [note('TrainingSucceeded', `training ${triggerId}: ${message}`)];
    case 'refused':
      return [note('CandidateRefused', `training ${triggerId}: ${message}`, 'Warning')];
    case 'failed':
      return [note('TrainingFailed', `training ${triggerId}: ${message}`, 'Warning')];
  }
}

/** A request by annotation that is no new one: its id stands on record, and not because it was just begun. */
export function ignoredRequest(facts: ModelFacts, after: AnomalyModelStatus): EventNote[] {
  const asked = askedTraining(facts.owner);
  if (asked === null || after.handledRetrain !== asked.value) return [];
  if (after.lastTraining?.triggerId === asked.triggerId) return [];
  const message = `${annotation.retrain}=${asked.value} was answered before: a training is asked for by a new value`;
  return [{ type: 'Warning', reason: 'RequestIgnored', action: 'Train', message }];
}

function word(state: string): string {
  return state.charAt(0).toUpperCase() + state.slice(1);
}
