import type { ComparedFigures, FiguresAt, ShadowFigures } from '@verdict/contracts';
import type { RunFigures } from './canary-figures.ts';

/** What two versions did over the same readings since a baseline. */
export interface PairedFigures {
  /** The version that served. */
  readonly served: RunFigures;
  /** The one beside it; its errors are the times that it was let go, whatever for. */
  readonly would: RunFigures;
  /** Readings at which exactly one of the two alarms. */
  readonly disagreements: number;
  /** Why the one beside was let go, where it was; null = it never was. */
  readonly trouble: string | null;
}

/** Sums what a shadow did beside a version over partitions; figures that are lower than at the baseline count for nothing. */
export function pairedFigures(request: {
  readonly baseline: FiguresAt;
  readonly now: FiguresAt;
  readonly partitions: readonly string[];
  /** The version that serves. */
  readonly version: number;
  readonly shadow: number;
}): PairedFigures {
  const { baseline, now, partitions, version, shadow } = request;
  const find = ({ shadows }: FiguresAt, partition: string): ShadowFigures | undefined =>
    // A baseline that was stored before there were shadows has none.
    shadows?.[partition]?.find((one) => one.version === version && one.shadow === shadow);
  const pairs = partitions.map((partition) => ({
    now: find(now, partition),
    before: find(baseline, partition),
  }));
  const sum = (count: (figures: ShadowFigures) => number): number =>
    pairs.reduce((total, pair) => total + Math.max(0, grown(pair, count)), 0);
  const run = (of: (figures: ShadowFigures) => ComparedFigures, errors: number): RunFigures => ({
    readings: sum(({ readings }) => readings),
    anomalies: sum((figures) => of(figures).anomalies),
    alarms: sum((figures) => of(figures).alarms),
    quieted: sum((figures) => of(figures).quieted),
    errors,
  });
  const letGo = sum(({ errors, drops }) => errors + drops);
  return {
    served: run(({ served }) => served, 0),
    would: run(({ would }) => would, letGo),
    disagreements: sum(({ disagreements }) => disagreements),
    trouble:
      pairs.find((pair) => grown(pair, ({ errors, drops }) => errors + drops) > 0)?.now?.trouble ?? null,
  };
}

function grown(
  { now, before }: { now: ShadowFigures | undefined; before: ShadowFigures | undefined },
  count: (figures: ShadowFigures) => number,
): number {
  return (now ? count(now) : 0) - (before ? count(before) : 0);
}
