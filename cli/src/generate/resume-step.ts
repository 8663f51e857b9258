import type { PlatformClient } from '@verdict/platform-client';
import type { GeneratePlan } from './generate-plan.ts';

/** Newest reading that the platform has of each of these series, epoch milliseconds; series without one are left out. */
export async function newestReadings(
  client: Pick<PlatformClient, 'series'>,
  series: readonly string[],
): Promise<Map<string, number>> {
  const wanted = new Set(series);
  const newest = new Map<string, number>();
  let next: string | undefined;
  do {
    const page = await client.series({ search: 'shop/', limit: 1000, next });
    for (const { series: key, lastReading } of page.items)
      if (wanted.has(key) && lastReading !== null) newest.set(key, Date.parse(lastReading));
    next = page.items.length === 0 ? undefined : (page.next ?? undefined);
  } while (next !== undefined);
  return newest;
}

/**
 * Lets a run go on where the one before stopped: after the newest reading of the series that is furthest behind, but
 * not before the plan's own first step, which counts for series that are new. Readings that the platform has already
 * are dropped there. Where something was sent before, no quiet time begins again, and an anomaly that was under way
 * goes on.
 */
export function resumePlan(
  plan: GeneratePlan,
  series: readonly string[],
  newest: ReadonlyMap<string, number>,
): GeneratePlan {
  if (newest.size === 0) return plan;
  const { intervalMs } = plan.shop;
  const nextSteps = series.map((key) => Math.floor((newest.get(key) ?? 0) / intervalMs) + 1);
  const behind = nextSteps.reduce((least, step) => Math.min(least, step), Number.POSITIVE_INFINITY);
  const fromStep = Math.max(plan.fromStep, behind);
  const toStep = fromStep + (plan.toStep - plan.fromStep);
  return { ...plan, fromStep, toStep, shop: { ...plan.shop, quietUntilStep: 0 } };
}
