import { refusalWaitText } from '@verdict/lifecycle';
import type { Finding } from '../../resources/condition.ts';
import { readySummary, type Why } from '../../resources/ready-summary.ts';
import { candidateStatus } from './candidate-status.ts';
import type { ModelFacts } from './model-facts.ts';
import { type TrainingStatus, trainingStatus } from './training-status.ts';
import { dueNow } from './training-step.ts';

/** What was found at a look, beside the facts themselves. */
export interface ModelFindings {
  /** Nothing can be done before somebody changes something. */
  readonly stalled: Why | null;
  /** Why the Job that is due could not be created, if it could not. */
  readonly jobTrouble: Why | null;
  /** Nobody serves it at this moment, and that is no longer than a handover takes: no news yet. */
  readonly handover: boolean;
  /** What the pod of the training that runs says of itself, where it stands still. */
  readonly podWord: string | null;
}

/** What a version is called in sentences. */
export function versionName(version: number): string {
  return version === 0 ? 'the built-in version' : `version ${version}`;
}

/** All conditions of a model that the platform knows. None of their words moves while nothing changes. */
export function modelConditions(facts: ModelFacts, found: ModelFindings): Finding[] {
  const training = trainingStatus(facts, found.podWord);
  const waiting = found.handover ? undefined : notServing(facts);
  return [
    ...readySummary({
      stalled: found.stalled ? { ...found.stalled, serves: waiting === undefined } : undefined,
      waiting,
      fine: { reason: 'Serving', message: `${versionName(facts.view.champion)} serves` },
    }),
    trained(facts),
    retrainPending(facts, training),
    trainingCondition(training, found),
    ...candidateAccepted(facts),
  ];
}

/** Why no version of the model serves; undefined = one does. */
export function notServing({ view, pool }: Pick<ModelFacts, 'view' | 'pool'>): Why | undefined {
  if (pool === null) return { reason: 'NoPool', message: `no DetectorPool serves ${view.name}` };
  const held = pool.partitions.some(({ holder }) => holder !== null);
  if (pool.members.length > 0 && held) return undefined;
  return { reason: 'NoDetector', message: `no detector of pool ${pool.name} holds a partition` };
}

function trained({ view }: ModelFacts): Finding {
  const { champion, spec } = view;
  if (champion > 0)
    return { type: 'Trained', status: 'True', reason: 'Learnt', message: `version ${champion} was learnt` };
  const { minimumReadings } = spec.training;
  const message = `the first training comes with ${minimumReadings} readings of history`;
  return { type: 'Trained', status: 'False', reason: 'BuiltIn', message };
}

function retrainPending(facts: ModelFacts, training: TrainingStatus | undefined): Finding {
  const why = pendingWhy(facts, training);
  return why
    ? { type: 'RetrainPending', status: 'True', ...why }
    : { type: 'RetrainPending', status: 'False', reason: 'NothingDue', message: '' };
}

function pendingWhy(facts: ModelFacts, training: TrainingStatus | undefined): Why | null {
  const { view } = facts;
  if (training?.state === 'pending')
    return { reason: 'JobToBeCreated', message: `${training.reason}; its Job is to be created` };
  const due = dueNow(facts);
  if (due) return { reason: 'TrainingDue', message: due.reason };
  const trust = view.trust?.version === view.champion ? view.trust : null;
  if (trust?.confidence.state !== 'bad' && trust?.drift.verdict !== 'retrain') return null;
  // It is not trusted, and yet nothing is due: a training runs, or something else has to be waited for.
  if (training?.state === 'running') return null;
  if (view.spec.paused)
    return { reason: 'Paused', message: 'a paused model is trained only when somebody asks' };
  const candidate = candidateStatus(facts);
  if (candidate)
    return { reason: 'CandidateOnItsWay', message: `version ${candidate.version} is still to be tried` };
  return { reason: 'BackingOff', message: `no training starts by itself ${refusalWaitText}` };
}

function trainingCondition(training: TrainingStatus | undefined, { jobTrouble }: ModelFindings): Finding {
  const say = (status: Finding['status'], reason: string, message: string): Finding => ({
    type: 'Training',
    status,
    reason,
    message,
  });
  if (training === undefined) return say('False', 'NeverTrained', '');
  const { triggerId, job, message = '', reason = '' } = training;
  switch (training.state) {
    case 'pending':
      return jobTrouble
        ? say('False', jobTrouble.reason, jobTrouble.message)
        : say('False', 'JobToBeCreated', `training ${triggerId} has no Job yet`);
    case 'running':
      return message === ''
        ? say('True', 'JobRuns', `Job ${job}: ${reason}`)
        : say('True', 'JobWaits', `Job ${job}: ${message}`);
    case 'succeeded':
      return say('False', 'Succeeded', message);
    case 'refused':
      return say('False', 'Refused', message);
    case 'failed':
      return say('False', 'Failed', message);
  }
}

/** Whether the newest version that was judged was found good enough; absent before the first one. */
function candidateAccepted({ view }: ModelFacts): Finding[] {
  const judged = view.versions.filter(({ evaluation }) => evaluation !== null);
  const newest = judged.reduce<(typeof judged)[number] | undefined>(
    (last, one) => (last === undefined || one.version > last.version ? one : last),
    undefined,
  );
  if (!newest?.evaluation) return [];
  const { version, state, evaluation } = newest;
  const reasons = evaluation.reasons.join('; ');
  const say = (accepted: boolean, reason: string, message: string): Finding[] => [
    { type: 'CandidateAccepted', status: accepted ? 'True' : 'False', reason, message },
  ];
  if (state === 'aborted')
    return say(false, 'TakenBack', `version ${version} was taken back when it was tried`);
  return evaluation.accepted
    ? say(true, 'Accepted', `version ${version}: ${reasons}`)
    : say(false, 'Refused', `version ${version}: ${reasons}`);
}
