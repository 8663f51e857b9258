import type { Confidence, ModelView } from '@verdict/contracts';
import { dueTraining, type TrainingSituation, type TrainingTrigger } from './due-training.ts';
import { latestRefusalMs } from './latest-refusal.ts';
import { waitsAfterRefusal } from './refusal-wait.ts';
import type { DriftVerdict } from './signs/drift-verdict.ts';

/** Why a training starts. */
export type TriggerKind = 'asked' | 'confidence' | 'drift' | 'schedule' | 'history';

export interface DueTrigger extends TrainingTrigger {
  readonly kind: TriggerKind;
}

/** What decides whether a model is to be trained now. */
export interface TriggerSituation {
  readonly model: TrainingSituation & Pick<ModelView, 'champion'>;
  readonly nowMs: number;
  /** A paused model is trained only when somebody asks, also for the first time. */
  readonly paused: boolean;
  /** Id of the newest request that no training was recorded for, such as `asked-<value>`; null = none. */
  readonly asked: string | null;
  /** Trainings come due at every multiple of this since 1970; null = never by the clock. */
  readonly everyMs: number | null;
  /** Confidence in the champion; null = nobody looked yet. */
  readonly confidence: Pick<Confidence, 'state' | 'mean' | 'high' | 'judged'> | null;
  /** Records of verdicts on the champion's anomalies: a number that only grows, and when each came. */
  readonly verdicts: readonly { readonly sequence: number; readonly atMs: number }[];
  /** What the signs say of the champion, `window` is a number that grows with every look at them; null as above. */
  readonly drift: (Pick<DriftVerdict, 'verdict' | 'reason'> & { readonly window: number }) | null;
  /** When a rollout was last taken back, epoch ms; null = never. */
  readonly lastAbortMs: number | null;
  /** Whether a person asked for that, to be served with an older version. */
  readonly lastAbortAsked: boolean;
  /** Whether a training was ever recorded under this id, also long ago. */
  readonly wasUsed: (triggerId: string) => boolean;
}

/**
 * The training that is due for a model now, or null. Never while one runs; what people ask for comes first, then bad
 * confidence, drift, the schedule, and the first training of a model that has learnt nothing (`dueTraining`). After a
 * person took a version back nothing of all this starts by itself, until ten new verdicts came or six hours passed.
 *
 * Ids: the one asked for, `confidence-v<champion>-<last verdict>`, `drift-v<champion>-<window>`,
 * `schedule-<due time>`, `history-<doublings>`. One that was used is never given again; a job that broke is tried
 * again within its id by whoever runs it.
 */
export function dueTrigger(situation: TriggerSituation): DueTrigger | null {
  const { model, paused, wasUsed } = situation;
  if (model.trainings.some(({ state }) => state === 'running')) return null;
  const kinds = [askedFor, paused || obeysPerson(situation) ? null : byItself].filter((one) => one !== null);
  for (const trigger of kinds.flatMap((triggers) => triggers(situation))) {
    if (!wasUsed(trigger.triggerId) && model.trainings.every((run) => run.triggerId !== trigger.triggerId))
      return trigger;
  }
  return null;
}

function askedFor({ asked }: TriggerSituation): DueTrigger[] {
  if (asked === null || asked === '') return [];
  return [{ kind: 'asked', triggerId: asked, reason: 'it was asked for' }];
}

function byItself(situation: TriggerSituation): DueTrigger[] {
  const { model } = situation;
  const first = dueTraining(model);
  if (first) return [{ kind: 'history', ...first }];
  if (model.versions.every(({ version, state }) => version === 0 || state === 'refused')) return [];
  if (model.readings < model.spec.training.minimumReadings || awaitsRollout(model)) return [];
  return [badConfidence, drifted, scheduled].flatMap((kind) => kind(situation) ?? []);
}

/** Whether a version newer than the champion is still to show what it is worth. */
function awaitsRollout({ versions, champion }: TriggerSituation['model']): boolean {
  return versions.some(
    ({ version, state }) => version > champion && (state === 'candidate' || state === 'accepted'),
  );
}

function badConfidence(situation: TriggerSituation): DueTrigger | null {
  const { model, confidence, verdicts } = situation;
  if (confidence?.state !== 'bad' || verdicts.length === 0 || backsOff(situation)) return null;
  const last = verdicts.reduce((newest, { sequence }) => Math.max(newest, sequence), 0);
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  return {
    kind: 'confidence',
    triggerId: `confidence-v${model.champion}-${last}`,
    reason: `confidence in version ${model.champion} is bad: ${percent(confidence.mean)} of its alarms are real by ${confidence.judged} judged anomalies, at most ${percent(confidence.high)} with 95 % certainty`,
  };
}

function drifted(situation: TriggerSituation): DueTrigger | null {
  const { model, drift } = situation;
  if (drift?.verdict !== 'retrain' || backsOff(situation)) return null;
  return {
    kind: 'drift',
    triggerId: `drift-v${model.champion}-${drift.window}`,
    reason: `version ${model.champion} no longer fits: ${drift.reason}`,
  };
}

/** The newest due time, unless a training started since: one that was slept through is not made up for twice. */
function scheduled({ model, everyMs, nowMs }: TriggerSituation): DueTrigger | null {
  if (everyMs === null || everyMs <= 0) return null;
  const dueMs = Math.floor(nowMs / everyMs) * everyMs;
  const last = Math.max(Number.NEGATIVE_INFINITY, ...model.trainings.map((run) => Date.parse(run.startedAt)));
  // Without any training on record nobody knows when the model was learnt: the next due time will do.
  if (last >= dueMs || model.trainings.length === 0) return null;
  const due = new Date(dueMs).toISOString();
  return { kind: 'schedule', triggerId: `schedule-${due}`, reason: `a training was due at ${due}` };
}

/** Whether it is too early after a refusal. */
function backsOff(situation: TriggerSituation): boolean {
  const refusedMs = latestRefusalMs(situation.model.trainings, situation.lastAbortMs);
  return refusedMs !== null && waitsAfterRefusal(refusedMs, situation);
}

/** Whether a person took a version back of late, and nobody has learnt another one on purpose since. */
function obeysPerson(situation: TriggerSituation): boolean {
  const { model, lastAbortMs, lastAbortAsked } = situation;
  if (lastAbortMs === null || !lastAbortAsked || !waitsAfterRefusal(lastAbortMs, situation)) return false;
  return !model.trainings.some(
    ({ state, startedAt }) => state === 'succeeded' && Date.parse(startedAt) > lastAbortMs,
  );
}
