import { z } from 'zod';
import { IsoTime } from './names.ts';

const version = z.int().nonnegative();

/** What one version did on one partition in its whole life there; counts only grow. */
export const VersionFigures = z.object({
  version,
  readings: z.int().nonnegative(),
  /** Anomalies that it opened. */
  anomalies: z.int().nonnegative(),
  /** Readings above the border. */
  alarms: z.int().nonnegative(),
  /** Readings that would have alarmed, had people not called their like false alarms. */
  quieted: z.int().nonnegative(),
  /** Times that scoring with it failed. */
  errors: z.int().nonnegative(),
  /** When it first committed here. */
  since: IsoTime,
});
export type VersionFigures = z.infer<typeof VersionFigures>;

/** What a version did, or would have done, over the readings that it was compared on. */
export const ComparedFigures = z.object({
  anomalies: z.int().nonnegative(),
  alarms: z.int().nonnegative(),
  quieted: z.int().nonnegative(),
});
export type ComparedFigures = z.infer<typeof ComparedFigures>;

/** What a version that is scored beside another did on one partition in their whole life there; counts only grow. */
export const ShadowFigures = z.object({
  /** The version that served, … */
  version,
  /** … and the one beside it, whose alarms are told to nobody. */
  shadow: version,
  /** Readings that both scored. */
  readings: z.int().nonnegative(),
  /** Readings at which exactly one of the two was above the border. */
  disagreements: z.int().nonnegative(),
  /** Sum of |score − score| over the readings. */
  scoreDifference: z.number().nonnegative(),
  /** What the version that served did over these readings. */
  served: ComparedFigures,
  /** What the shadow would have done. */
  would: ComparedFigures,
  /** Times that the shadow threw, or could not be loaded. */
  errors: z.int().nonnegative(),
  /** Times that the shadow was let go because it took too much time or memory. */
  drops: z.int().nonnegative(),
  /** Why it was let go last; null = it never was. */
  trouble: z.string().nullable(),
  /** When the two were compared first. */
  since: IsoTime,
});
export type ShadowFigures = z.infer<typeof ShadowFigures>;

/** Figures of all partitions at one moment, from which later ones are counted. */
export const FiguresAt = z.object({
  /** Epoch milliseconds. */
  atMs: z.number(),
  /** Partition id → figures per version. */
  partitions: z.record(z.string(), z.array(VersionFigures)),
  /** Partition id → figures of shadows. */
  shadows: z.record(z.string(), z.array(ShadowFigures)).default({}),
});
export type FiguresAt = z.infer<typeof FiguresAt>;
