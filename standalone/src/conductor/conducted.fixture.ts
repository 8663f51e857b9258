import { createLogger } from '@verdict/process';
import { ManualClock, settled } from '../manual-clock.fixture.ts';
import { startConductor } from './conductor.ts';
import type { InMemoryPlatform } from './in-memory-platform.fixture.ts';
import type { TrainingAttempt } from './training-queue.ts';

/** A conductor whose jobs the test ends. */
export function conducted(platform: InMemoryPlatform, clock = new ManualClock()) {
  const jobs: { job: TrainingAttempt; end: (code: number | null) => Promise<void>; fail: () => void }[] = [];
  let running = 0;
  let most = 0;
  const runTraining = async (job: TrainingAttempt): Promise<number | null> => {
    running += 1;
    most = Math.max(most, running);
    const ended = Promise.withResolvers<number | null>();
    const end = (code: number | null) => {
      ended.resolve(code);
      return settled();
    };
    jobs.push({ job, end, fail: () => ended.reject(new Error('no process could be made')) });
    return ended.promise.finally(() => {
      running -= 1;
    });
  };
  const logger = createLogger({ name: 'test', level: 'silent' });
  const conductor = startConductor({ platform, runTraining, clock, logger });
  const started = () => jobs.map(({ job }) => `${job.model} ${job.triggerId} ${job.attempt}`);
  return { clock, jobs, started, conductor, mostAtOnce: () => most };
}
