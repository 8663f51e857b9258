import type { PlatformClient } from '@verdict/platform-client';
import type { GeneratePlan } from './generate-plan.ts';

/** First and newest reading that the platform has of a series, epoch milliseconds. */
export interface KnownReadings {
  firstMs: number;
  newestMs: number;
}

/** What the platform has of each of these series; series without a reading are left out. */
export async function knownReadings(
  client: Pick<PlatformClient, 'series'>,
  series: readonly string[],
): Promise<Map<string, KnownReadings>> {
  const wanted = new Set(series);
  const known = new Map<string, KnownReadings>();
  let next: string | undefined;
  do {
    const page = await client.series({ search: 'shop/', limit: 1000, next });
    for (const { series: key, firstReading, lastReading } of page.items) {
      if (!wanted.has(key) || lastReading === null) continue;
      known.set(key, {
        firstMs: Date.parse(firstReading ?? lastReading),
        newestMs: Date.parse(lastReading),
      });
    }
    next = page.items.length === 0 ? undefined : (page.next ?? undefined);
  } while (next !== undefined);
  return known;
}

/**
 * Lets a run go on where the one before stopped: after the newest reading of the series that is furthest behind, but
 * not before the plan's own first step, which counts for series that are new. Readings that the platform has already
 * are dropped there. Where something was sent before, no quiet time begins again, an anomaly that was under way goes
 * on, and a change of what is normal is counted from the very first reading, as by the run that sent it.
 */
export function resumePlan(
  plan: GeneratePlan,
  series: readonly string[],
  known: ReadonlyMap<string, KnownReadings>,
): GeneratePlan {
  if (known.size === 0) return plan;
  const { intervalMs, change } = plan.shop;
  const least = (steps: readonly number[]) =>
    steps.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const behind = least(series.map((key) => Math.floor((known.get(key)?.newestMs ?? 0) / intervalMs) + 1));
  const began = least([...known.values()].map(({ firstMs }) => Math.floor(firstMs / intervalMs)));
  const fromStep = Math.max(plan.fromStep, behind);
  const toStep = fromStep + (plan.toStep - plan.fromStep);
  const changed = change ? { fromStep: change.fromStep - plan.fromStep + began } : null;
  return { ...plan, fromStep, toStep, shop: { ...plan.shop, quietUntilStep: 0, change: changed } };
}
