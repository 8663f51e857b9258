import type { Logger } from '@verdict/process';
import type { OwnWrites } from '../../children/own-writes.ts';
import type { ObjectCache } from '../../control-loop/informer.ts';
import { byControllerUid } from '../../control-loop/object-store.ts';
import type { KubeClient } from '../../kube/kube-client.ts';
import { isAlreadyExists, isInvalid, KubeError } from '../../kube/kube-error.ts';
import { controllerOf, uidOf } from '../../kube/kube-object.ts';
import type { ModelPlatform } from '../../platform/platform.ts';
import { placeOf } from '../../resources/child.ts';
import { jobs } from '../../resources/child-kinds.ts';
import type { AnomalyModelObject } from '../../resources/custom-objects.ts';
import type { PlatformSettings } from '../../resources/platform-settings.ts';
import type { Why } from '../../resources/ready-summary.ts';
import { discreet } from '../../resources/status-fields.ts';
import { trainingJob } from '../../resources/training-job.ts';
import { type JobEnd, jobEnd, triggerIdOf } from './job-end.ts';
import type { Look } from './look.ts';
import type { ModelFacts, TrainingJobObject } from './model-facts.ts';
import { podWord, type TrainingPod } from './pod-end.ts';
import { reasonByTriggerId } from './training-reason.ts';
import type { TrainingStep } from './training-step.ts';

export interface TrainingKeeperParts {
  readonly client: Pick<KubeClient, 'create' | 'get' | 'delete'>;
  readonly platform: Pick<ModelPlatform, 'beginTraining' | 'failTraining'>;
  readonly jobs: ObjectCache<TrainingJobObject>;
  readonly trainingPods: ObjectCache<TrainingPod>;
  readonly settings: PlatformSettings;
  readonly writes: OwnWrites;
  readonly logger: Logger;
}

/** Pods of a young Job are being started: nothing to say of them yet. */
const youngMs = 30_000;

/** Does what is to be done about trainings: records at the platform, Jobs at the API server. */
export class TrainingKeeper {
  readonly #parts: TrainingKeeperParts;
  /** Reasons of triggers that were recorded and have no Job yet. */
  readonly #reasons = new Map<string, string>();
  /** By the model's uid: the Job that was created for it last. */
  readonly #created = new Map<string, string>();

  constructor(parts: TrainingKeeperParts) {
    this.#parts = parts;
  }

  /** The Jobs of a model, the one that was created a moment ago too, however late the cache is. */
  jobsOf(owner: AnomalyModelObject): TrainingJobObject[] {
    const { jobs: cache, writes } = this.#parts;
    const known = [...cache.indexed(byControllerUid, uidOf(owner))];
    const created = this.#created.get(uidOf(owner));
    if (created === undefined) return known;
    const { namespace } = placeOf(owner);
    const cached = known.find(({ metadata }) => metadata.name === created);
    const own = writes.newest({ kind: 'Job', namespace, name: created }, cached);
    if (cached || !own) this.#created.delete(uidOf(owner));
    return cached || !own ? known : [...known, own];
  }

  /** @returns why the Job cannot be created, if it cannot before somebody changes something */
  async take(
    step: TrainingStep,
    facts: ModelFacts,
    { memory, signal }: Pick<Look, 'memory' | 'signal'>,
  ): Promise<Why | null> {
    const { platform } = this.#parts;
    const model = placeOf(facts.owner);
    switch (step.kind) {
      case 'begin': {
        const { triggerId, reason } = step.trigger;
        const record = await platform.beginTraining(model, triggerId);
        memory.wrote();
        if (record.state === 'running') this.#remember(triggerId, facts, reason);
        else memory.used(triggerId);
        this.#say(facts, { triggerId, reason }, 'a training is recorded');
        return null;
      }
      case 'create-job':
        return await this.#create(step.triggerId, facts, signal);
      case 'fail': {
        const message = this.#failure(step.job, step.end);
        await platform.failTraining(model, step.triggerId, discreet(message, 2048));
        memory.wrote();
        this.#say(
          facts,
          { triggerId: step.triggerId, message },
          'a training failed without a word of its own',
        );
        return null;
      }
    }
  }

  /** What keeps the pod of the Job that runs from working; null = nothing, or it is too early to say. */
  waitingWord({ jobs: known, nowMs }: Pick<ModelFacts, 'jobs' | 'nowMs'>): string | null {
    const job = known.find((one) => jobEnd(one) === null);
    if (job === undefined || (job.status?.ready ?? 0) > 0) return null;
    if (nowMs - Date.parse(job.metadata.creationTimestamp ?? '') < youngMs) return null;
    const word = podWord(this.#podsOf(job));
    // How an attempt ended is no news while there are others.
    return word?.startsWith('waits') || word?.startsWith('finds no node') ? discreet(word, 512) : null;
  }

  async remove(job: TrainingJobObject, signal: AbortSignal): Promise<void> {
    const { name = '', namespace } = job.metadata;
    await this.#parts.client.delete(jobs, { name, namespace }, { uid: uidOf(job), signal });
    this.#parts.writes.forget({ kind: 'Job', name, namespace: namespace ?? '' });
  }

  async #create(triggerId: string, facts: ModelFacts, signal: AbortSignal): Promise<Why | null> {
    const { client, settings } = this.#parts;
    const { owner, spec } = facts;
    const reason = this.#reasons.get(reasonKey(owner, triggerId)) ?? reasonByTriggerId(triggerId);
    const wanted = trainingJob({ owner, spec, trigger: { triggerId, reason }, settings });
    try {
      this.#noteCreated(owner, await client.create(jobs, wanted as TrainingJobObject, { signal }));
      this.#say(facts, { triggerId, job: wanted.metadata.name }, 'the Job of a training was created');
    } catch (error) {
      if (isInvalid(error)) return { reason: 'JobInvalid', message: (error as KubeError).message };
      if (!isAlreadyExists(error)) throw error;
      await this.#adopt(owner, { triggerId, ...wanted.metadata }, signal);
    }
    this.#reasons.delete(reasonKey(owner, triggerId));
    return null;
  }

  /** The name is taken: by the Job that we, or an operator before us, created, or it is an error. */
  async #adopt(
    owner: AnomalyModelObject,
    taken: { readonly triggerId: string; readonly name: string; readonly namespace: string },
    signal: AbortSignal,
  ): Promise<void> {
    const { triggerId, name, namespace } = taken;
    const there = await this.#parts.client.get(jobs, { name, namespace }, { signal });
    if (there === undefined) throw new Error(`Job ${name} was there a moment ago, and is gone`);
    const ours = controllerOf(there)?.uid === uidOf(owner) && triggerIdOf(there) === triggerId;
    if (!ours)
      throw new KubeError(`Job ${namespace}/${name} is there already and belongs to somebody else`, {
        status: 409,
        reason: 'AlreadyExists',
      });
    this.#noteCreated(owner, there);
  }

  #noteCreated(owner: AnomalyModelObject, job: TrainingJobObject): void {
    if (this.#created.size > 10_000) this.#created.clear();
    this.#created.set(uidOf(owner), job.metadata.name ?? '');
    this.#parts.writes.note(job);
  }

  #failure(job: TrainingJobObject, end: JobEnd): string {
    const { name } = job.metadata;
    const word = podWord(this.#podsOf(job));
    const byPod = word === null ? '' : `; its last pod ${word}`;
    if (end.complete) return `Job ${name} ended and left no result${byPod}`;
    return `Job ${name} failed: ${end.reason}${end.message === '' ? '' : ` (${end.message})`}${byPod}`;
  }

  #podsOf(job: TrainingJobObject): readonly TrainingPod[] {
    return this.#parts.trainingPods.indexed(byControllerUid, uidOf(job));
  }

  #remember(triggerId: string, { owner }: ModelFacts, reason: string): void {
    if (this.#reasons.size > 1000) this.#reasons.clear();
    this.#reasons.set(reasonKey(owner, triggerId), reason);
  }

  #say({ view }: ModelFacts, what: object, sentence: string): void {
    this.#parts.logger.info({ model: `${view.namespace}/${view.name}`, ...what }, sentence);
  }
}

function reasonKey(owner: AnomalyModelObject, triggerId: string): string {
  return `${uidOf(owner)}/${triggerId}`;
}
