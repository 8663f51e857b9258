import type { ModelView, PoolView } from '@verdict/contracts';
import { dueTrigger, type TrainingTrigger, triggerSituation } from '@verdict/lifecycle';
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
/** When not even the failure could be recorded, the model is left alone for so long. */
const waitAfterGivingUpMs = 600_000;
/** Whether a job with this exit code answered its trigger: accepted (or answered before) or refused. */
export function trainingAnswered(code: number | null): boolean {
  return code === 0 || code === 3;
}

/** Attempts at a trigger that has not been answered yet. */
interface Attempts extends TrainingTrigger {
  readonly made: number;
  /** Monotonic: not before then. */
  readonly nextAtMs: number;
}

/**
 * Runs due trainings, one at a time, since they share this computer with the detectors. Counts the attempts of each
 * trigger, and keeps to one until it is answered; a start of the process begins to count anew.
 */
export class TrainingQueue {
  readonly #parts: { runTraining: RunTraining; clock: Clock; logger: Logger };
  /** By model. */
  readonly #attempts = new Map<string, Attempts>();
  /** Triggers, with their models, that were answered or given up here. */
  readonly #used = new Set<string>();
  #running: Promise<void> | null = null;

  constructor(parts: { runTraining: RunTraining; clock: Clock; logger: Logger }) {
    this.#parts = parts;
  }

  get busy(): boolean {
    return this.#running !== null;
  }

  /** Starts the first training that is due, unless one runs. `nowMs` is when models and pools were read. */
  startNext(models: readonly ModelView[], pools: readonly PoolView[], nowMs: number): void {
    if (this.busy) return;
    for (const model of models) {
      const { namespace, name } = model;
      const pool = pools.find((one) => one.namespace === namespace && one.spec.model === name);
      const due = this.#due(model, pool, nowMs);
      if (due === null) continue;
      const attempt = (this.#attempts.get(keyOf(model))?.made ?? 0) + 1;
      const job = { namespace, model: name, triggerId: due.triggerId, attempt, mostAttempts };
      this.#running = this.#run(keyOf(model), job, due.reason).finally(() => {
        this.#running = null;
      });
      return;
    }
  }

  #due(model: ModelView, pool: PoolView | undefined, nowMs: number): TrainingTrigger | null {
    const key = keyOf(model);
    const wasUsed = (triggerId: string) => this.#used.has(`${key}/${triggerId}`);
    const left = this.#attempts.get(key);
    const recorded = model.trainings.find((run) => run.triggerId === left?.triggerId)?.state ?? 'running';
    if (left && recorded === 'running') {
      if (this.#parts.clock.monotonicMs() < left.nextAtMs) return null;
      // Beyond the last attempt one job records the failure; if not even that works, a person has been told.
      if (left.made <= mostAttempts) return left;
    }
    this.#attempts.delete(key);
    const running = interrupted(model);
    if (running) return wasUsed(running.triggerId) ? null : running;
    return dueTrigger({ ...triggerSituation(model, pool?.rollout.state ?? null, nowMs), wasUsed });
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
    const gaveUp = job.attempt > mostAttempts;
    if (trainingAnswered(code) || gaveUp) this.#used.add(`${key}/${job.triggerId}`);
    if (trainingAnswered(code)) {
      this.#attempts.delete(key);
      return;
    }
    const nextAtMs = clock.monotonicMs() + (gaveUp ? waitAfterGivingUpMs : waitBetweenMs);
    this.#attempts.set(key, { triggerId: job.triggerId, reason, made: job.attempt, nextAtMs });
    if (job.attempt === mostAttempts)
      logger.error(job, `training ${job.model} failed ${mostAttempts} times: look into its log`);
  }
}

/** A training that a stop or crash left running: since we run its jobs and none runs now, it must go on. */
function interrupted(model: ModelView): TrainingTrigger | null {
  const left = model.trainings.find((run) => run.state === 'running');
  return left ? { triggerId: left.triggerId, reason: 'it was interrupted' } : null;
}

function keyOf({ namespace, name }: ModelView): string {
  return `${namespace}/${name}`;
}
