import type { TrainingRunView } from '@verdict/contracts';
import type { PlatformClient } from '@verdict/platform-client';
import type { CommandContext } from '../command-context.ts';
import type { Progress } from '../progress.ts';
import { shownDuration } from '../table.ts';
import { waitUntil } from '../wait-until.ts';
import { findModel } from './find-model.ts';

/** The training to follow, and for how long. */
export interface FollowedTraining {
  namespace: string;
  model: string;
  triggerId: string;
  withinMs: number;
  progress: Progress;
}

const everyMs = 1000;

/** Follows a training until it has ended and gives how; null when the time was up first. */
export async function followTraining(
  context: CommandContext,
  client: Pick<PlatformClient, 'models'>,
  { namespace, model, triggerId, withinMs, progress }: FollowedTraining,
): Promise<TrainingRunView | null> {
  const startedAtMs = context.clock.nowMs();
  let told = false;
  const ended = await waitUntil(context, { everyMs, withinMs }, async () => {
    const { trainings } = await findModel(client, namespace, model);
    const run = trainings.find((each) => each.triggerId === triggerId);
    const lasted = () => shownDuration(context.clock.nowMs() - startedAtMs);
    if (run === undefined) progress.show(() => `waiting for its turn, ${lasted()}`);
    else if (run.state !== 'running') return run;
    else {
      if (!told) progress.say('the training runs');
      told = true;
      progress.show(() => `training, ${lasted()}`);
    }
    return null;
  });
  progress.end();
  return ended;
}
