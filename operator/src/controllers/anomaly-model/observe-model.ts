import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { placeOf } from '../../resources/child.ts';
import type { Look } from './look.ts';
import type { ModelFacts } from './model-facts.ts';
import type { ModelControllerParts } from './model-parts.ts';
import type { TrainingKeeper } from './training-keeper.ts';

export interface ObserveParts extends Pick<ModelControllerParts, 'platform' | 'clock'> {
  readonly trainings: Pick<TrainingKeeper, 'jobsOf'>;
}

/**
 * What is known of a model now. A platform that does not have its spec is told of it first, and asked again. Rejects
 * with `PlatformUnavailableError` and `PlatformRefusedError`.
 *
 * @param notBeforeMs monotonic ms: nothing that was read of the platform earlier will do
 */
export async function observeModel(
  parts: ObserveParts,
  look: Look,
  notBeforeMs: number,
): Promise<ModelFacts> {
  const facts =
    (await observeOnce(parts, look, notBeforeMs)) ??
    (await observeOnce(parts, look, parts.clock.monotonicMs()));
  if (facts === null) throw new Error('the platform does not list a model that was just declared');
  return facts;
}

/** Null: the platform did not have the spec, and was told. */
async function observeOnce(
  { platform, clock, trainings }: ObserveParts,
  { owner, spec, memory }: Look,
  notBeforeMs: number,
): Promise<ModelFacts | null> {
  const { namespace, name } = placeOf(owner);
  // Jobs first: one that has ended is judged by a record that was read after it.
  const jobs = trainings.jobsOf(owner);
  const known = await platform.models(namespace, { notBeforeMs });
  const pools = await platform.pools(namespace, { notBeforeMs, model: name });
  memory.answered();
  const view = known.find((one) => one.name === name);
  const pool = pools.find((one) => one.spec.model === name) ?? null;
  if (!view || !isDeepStrictEqual(view.spec, spec)) {
    const digest = createHash('sha256').update(JSON.stringify(spec)).digest('hex');
    // A platform of another version may not know a field, and never say what we say.
    if (!view || memory.mayDeclare(digest)) {
      await platform.putModel({ namespace, name }, spec);
      memory.declared(digest);
      return null;
    }
  }
  return { owner, spec, view, pool, jobs, nowMs: clock.nowMs(), usedTriggers: memory.usedTriggers };
}
