import { isDeepStrictEqual } from 'node:util';
import type { AnomalyModelStatus } from '../../resources/anomaly-model-status.ts';
import { type FoundAt, setConditions } from '../../resources/condition.ts';
import type { AnomalyModelObject } from '../../resources/custom-objects.ts';
import { askedTraining } from './asked-training.ts';
import { candidateStatus } from './candidate-status.ts';
import { confidenceStatus, driftStatus, toldConfidence } from './confidence-status.ts';
import { type ModelFindings, modelConditions } from './model-conditions.ts';
import type { ModelFacts } from './model-facts.ts';
import { trainingStatus, versionsStatus } from './training-status.ts';
import { isRecorded } from './training-step.ts';

/** What decides how a status is told. */
export interface StatusMoment {
  readonly at: FoundAt;
  /** How long ago numbers that only move were written last, ms. */
  readonly sinceMovedMs: number;
}

/** The whole status of a model that the platform knows; the very object that it has when there is nothing new to say. */
export function modelStatus(
  facts: ModelFacts,
  found: ModelFindings,
  moment: StatusMoment,
): AnomalyModelStatus {
  const { view, pool, owner } = facts;
  const before = owner.status ?? {};
  const { generation } = moment.at;
  const candidate = candidateStatus(facts);
  const lastTraining = trainingStatus(facts, found.podWord);
  const handledRetrain = handledBy(facts);
  const { trust } = view;
  const now = trust ? confidenceStatus(trust) : undefined;
  const withConfidence = (confidence: AnomalyModelStatus['confidence']): AnomalyModelStatus => ({
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    conditions: [...setConditions(before.conditions ?? [], modelConditions(facts, found), moment.at)],
    ...(pool === null ? {} : { pool: pool.name }),
    activeVersion: view.champion,
    ...(candidate === undefined ? {} : { candidate }),
    ...(confidence === undefined ? {} : { confidence }),
    ...(trust ? { drift: driftStatus(before.drift, trust) } : {}),
    ...(lastTraining === undefined ? {} : { lastTraining }),
    ...(handledRetrain === undefined ? {} : { handledRetrain }),
    ...(view.versions.length === 0 ? {} : { versions: versionsStatus(view) }),
  });
  const writtenAnyway = !isDeepStrictEqual(withConfidence(before.confidence), before);
  const told = toldConfidence(before.confidence, now, { writtenAnyway, sinceMs: moment.sinceMovedMs });
  const status = withConfidence(told);
  return isDeepStrictEqual(status, before) ? before : status;
}

/** The newest value of the annotation that was obeyed: a training of its id stands on record. */
function handledBy(facts: ModelFacts): string | undefined {
  const asked = askedTraining(facts.owner);
  if (asked && isRecorded(facts, asked.triggerId)) return asked.value;
  return facts.owner.status?.handledRetrain;
}

/** The status with some conditions changed and all else as it was: where nothing else is known. */
export function statusWith(
  { status = {} }: Pick<AnomalyModelObject, 'status'>,
  findings: Parameters<typeof setConditions>[1],
  at: FoundAt,
): AnomalyModelStatus {
  const conditions = [...setConditions(status.conditions ?? [], findings, at)];
  const { generation } = at;
  const now = {
    ...status,
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    conditions,
  };
  return isDeepStrictEqual(now, status) ? status : now;
}
