import type { ModelView } from '@verdict/contracts';

/** What became of a training that somebody asked for. */
export interface AskedTraining {
  readonly state: 'waits' | 'runs' | 'succeeded' | 'refused' | 'failed';
  readonly text: string;
}

/**
 * What became of the training that was asked for: `triggerId` of this page's own request (null = none), or the newest
 * request of anybody that none has answered. Null when there is nothing to say.
 */
export function askedTraining(
  { asked, trainings }: Pick<ModelView, 'asked' | 'trainings'>,
  triggerId: string | null,
): AskedTraining | null {
  const id = triggerId ?? asked;
  const run = trainings.find((one) => one.triggerId === id);
  if (run === undefined) {
    if (id === null) return null;
    const other = trainings.some(({ state }) => state === 'running');
    return {
      state: 'waits',
      text: other
        ? 'Asked: it waits until the training that runs has ended…'
        : 'Asked: it starts within seconds…',
    };
  }
  if (run.state === 'running') return { state: 'runs', text: 'The training that was asked for runs…' };
  const version = run.version === null ? '' : `version ${run.version}`;
  if (run.state === 'succeeded')
    return { state: 'succeeded', text: `The training ended: ${version} was accepted and is rolled out.` };
  if (run.state === 'refused')
    return {
      state: 'refused',
      text: `The training ended: ${version || 'what it learnt'} was refused. ${run.message}`,
    };
  return { state: 'failed', text: `The training failed: ${run.message}` };
}
