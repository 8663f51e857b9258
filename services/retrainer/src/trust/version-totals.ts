import type { VersionLife } from '@verdict/storage';
import { z } from 'zod';

const count = z.number().nonnegative();

/** What a version did on all partitions in its whole life: counts only grow. */
export const VersionTotals = z.object({
  /** When it first committed anywhere, epoch ms; null = it never did. */
  sinceMs: z.number().nullable(),
  readings: count,
  anomalies: count,
  pValues: z.array(count),
  inputs: z.array(count),
  logResiduals: z.object({ sum: z.number(), count }),
});
export type VersionTotals = z.infer<typeof VersionTotals>;

/** Sums the lives of one version over partitions. */
export function totalsOf(lives: readonly VersionLife[], version: number): VersionTotals {
  const own = lives.filter((life) => life.version === version);
  const sum = (of: (life: VersionLife) => number) => own.reduce((so, life) => so + of(life), 0);
  const sums = (of: (life: VersionLife) => readonly number[]) => {
    const bins = Math.max(0, ...own.map((life) => of(life).length));
    return Array.from({ length: bins }, (_, bin) => sum((life) => of(life)[bin] ?? 0));
  };
  return {
    sinceMs: own.length > 0 ? Math.min(...own.map(({ sinceMs }) => sinceMs)) : null,
    readings: sum(({ readings }) => readings),
    anomalies: sum(({ anomalies }) => anomalies),
    pValues: sums(({ pValues }) => pValues),
    inputs: sums(({ inputs }) => inputs),
    logResiduals: {
      sum: sum((life) => life.logResiduals.sum),
      count: sum((life) => life.logResiduals.count),
    },
  };
}

/** What a version did since; null when `after` does not go on from `before`: it began anew, or counts were lost. */
export function growthSince(before: VersionTotals, after: VersionTotals): VersionTotals | null {
  if (before.sinceMs !== null && before.sinceMs !== after.sinceMs) return null;
  const bins = (old: readonly number[], now: readonly number[]) =>
    Array.from({ length: Math.max(old.length, now.length) }, (_, bin) => (now[bin] ?? 0) - (old[bin] ?? 0));
  const growth = {
    sinceMs: after.sinceMs,
    readings: after.readings - before.readings,
    anomalies: after.anomalies - before.anomalies,
    pValues: bins(before.pValues, after.pValues),
    inputs: bins(before.inputs, after.inputs),
    logResiduals: {
      sum: after.logResiduals.sum - before.logResiduals.sum,
      count: after.logResiduals.count - before.logResiduals.count,
    },
  };
  const { readings, anomalies, pValues, inputs, logResiduals } = growth;
  const shrunk = [readings, anomalies, logResiduals.count, ...pValues, ...inputs].some((by) => by < 0);
  return shrunk ? null : growth;
}
