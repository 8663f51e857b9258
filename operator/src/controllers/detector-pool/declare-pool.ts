import type { DetectorPoolSpec } from '@verdict/contracts';
import { keyOf } from '../../kube/kube-object.ts';
import { PlatformRefusedError } from '../../platform/platform-error.ts';
import { placeOf } from '../../resources/child.ts';
import type { DetectorPoolObject } from '../../resources/custom-objects.ts';
import type { Why } from '../../resources/ready-summary.ts';
import type { PoolParts } from './pool-parts.ts';

/** What came of declaring a pool. */
export type Declared =
  | { readonly ok: true }
  /** `passing`: it may be possible by itself soon. */
  | { readonly ok: false; readonly why: Why; readonly passing: boolean };

/**
 * Declares a pool to the platform. Where a pool that is no DetectorPool any more still has the model there, its
 * declaration is taken back first. Rejects with `PlatformUnavailableError`.
 */
export async function declarePool(
  { platform, caches }: Pick<PoolParts, 'platform' | 'caches'>,
  owner: DetectorPoolObject,
  spec: DetectorPoolSpec,
): Promise<Declared> {
  const place = placeOf(owner);
  const refused = await refusalOf(() => platform.putPool(place, spec));
  if (refused === null) return { ok: true };
  if (refused.status !== 409)
    return { ok: false, why: { reason: 'PlatformRefuses', message: refused.message }, passing: false };
  const others = await platform.pools(place.namespace);
  const holder = others.find(({ name, spec: { model } }) => model === spec.model && name !== place.name);
  const taken = (message: string, passing: boolean): Declared => ({
    ok: false,
    why: { reason: 'ModelTaken', message },
    passing,
  });
  if (holder === undefined) return taken(refused.message, true);
  const { namespace, name } = holder;
  if (caches.pools.get(keyOf({ namespace, name })) !== undefined)
    return taken(`the pool ${name} serves the model ${spec.model}`, false);
  const kept = await refusalOf(() => platform.withdrawPool({ namespace, name }));
  return taken(
    kept === null
      ? `the declaration of the deleted pool ${name} was taken back`
      : `detectors of the deleted pool ${name} still serve the model ${spec.model}`,
    true,
  );
}

async function refusalOf(call: () => Promise<void>): Promise<PlatformRefusedError | null> {
  try {
    await call();
    return null;
  } catch (error) {
    if (error instanceof PlatformRefusedError) return error;
    throw error;
  }
}
