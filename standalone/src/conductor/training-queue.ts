import type { ModelView } from '@verdict/contracts';
import { dueTraining } from '@verdict/lifecycle';
import type { Clock, Logger } from '@verdict/process';

/** One attempt of a training. */
export interface TrainingAttempt {
  readonly namespace: string;
  readonly model: string;
  readonly triggerId: string;
  /** From 1; one above `mostAttempts` asks the job only to record that all of them failed. */
  readonly attempt: number;
  readonly mostAttempts: number;
}

/** Runs one training as a job; resolves with its exit code when it has ended. */
export type RunTraining = (job: TrainingAttempt) => Promise<number | null>;

/** A job that crashes is tried again, as attempts within the same trigger. */
const mostAttempts = 3;
const waitBetweenMs = 10_000;
/** Whether a job with this exit code answered its trigger: accepted (or answered before) or refused. */
export function trainingAnswered(code: number | null): boolean {
  return code === 0 || code === 3;
}

/** Attempts at a trigger that has not been answered yet. */
interface Attempts {
  readonly made: number;
  /** Monotonic: not before then. */
  readonly nextAtMs: number;
}

/**
 * Runs due trainings, one at a time, since they share this computer with the detectors. Counts the attempts of each
 * trigger; a start of the process begins to count anew.
 */
export class TrainingQueue {
  readonly #parts: { runTraining: RunTraining; clock: Clock; logger: Logger };
  readonly #attempts = new Map<string, Attempts>();
  #running: Promise<void> | null = null;

  constructor(parts: { runTraining: RunTraining; clock: Clock; logger: Logger }) {
    this.#parts = parts;
  }

  get busy(): boolean {
    return this.#running !== null;
  }

  /** Starts the first training that is due, unless one runs. */
  startNext(models: readonly ModelView[]): void {
    if (this.busy) return;
    for (const model of models) {
      const due = dueTraining(model) ?? interrupted(model);
      if (due === null) continue;
      const key = `${model.namespace}/${model.name}/${due.triggerId}`;
      const { made, nextAtMs } = this.#attempts.get(key) ?? { made: 0, nextAtMs: 0 };
      // Beyond the last attempt one job records the failure; if not even that works, a person has been told.
      if (made > mostAttempts || this.#parts.clock.monotonicMs() < nextAtMs) continue;
      const { namespace, name } = model;
      const job = { namespace, model: name, triggerId: due.triggerId, attempt: made + 1, mostAttempts };
      this.#running = this.#run(key, job, due.reason).finally(() => {
        this.#running = null;
      });
      return;
    }
  }

  /** Resolves when nothing runs; never rejects. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #run(key: string, job: TrainingAttempt, reason: string): Promise<void> {
    const { runTraining, clock, logger } = this.#parts;
    logger.info({ ...job, reason }, `training ${job.model}: ${reason}`);
    let code: number | null = null;
    try {
      code = await runTraining(job);
      logger.info({ ...job, code }, `training of ${job.model} ended`);
    } catch (error) {
      logger.warn({ ...job, err: error }, `training of ${job.model} could not be started`);
    }
    if (trainingAnswered(code)) {
      this.#attempts.delete(key);
      return;
    }
    this.#attempts.set(key, { made: job.attempt, nextAtMs: clock.monotonicMs() + waitBetweenMs });
    if (job.attempt === mostAttempts)
      logger.error(job, `training ${job.model} failed ${mostAttempts} times: look into its log`);
  }
}

/** A training that a stop or crash left running: since we run its jobs and none runs now, it must go on. */
function interrupted(model: ModelView): { triggerId: string; reason: string } | null {
  const left = model.trainings.find((run) => run.state === 'running');
  return left ? { triggerId: left.triggerId, reason: 'it was interrupted' } : null;
}
