import type { VersionState } from '@verdict/contracts';
import type { VersionRow } from '@verdict/storage';

/** A version that was trained with an anomaly's verdicts. */
export interface Learner {
  readonly version: number;
  readonly state: VersionState;
  /** When it first scored for people, epoch ms; null = never. */
  readonly servesSinceMs: number | null;
  /** What it took the anomaly for. */
  readonly as: 'confirmed' | 'false-alarm';
}

/** Versions that may serve, or did, tell more than those that never will. */
const worth: Record<VersionState, number> = { accepted: 0, retired: 0, candidate: 1, aborted: 2, refused: 3 };

/** The first version that learnt from an anomaly; one that was refused or taken back only when there is no other. */
export function firstLearner(
  anomalyId: string,
  registry: {
    readonly versions: readonly Pick<VersionRow, 'version' | 'state' | 'manifest'>[];
    readonly servedSinceMs: ReadonlyMap<number, number>;
  },
): Learner | null {
  const learners = registry.versions.flatMap(({ version, state, manifest }): Learner[] => {
    const servesSinceMs = registry.servedSinceMs.get(version) ?? null;
    if (manifest?.labels.confirmed.includes(anomalyId))
      return [{ version, state, servesSinceMs, as: 'confirmed' }];
    if (manifest?.labels.falseAlarms.includes(anomalyId))
      return [{ version, state, servesSinceMs, as: 'false-alarm' }];
    return [];
  });
  return learners.sort((a, b) => worth[a.state] - worth[b.state] || a.version - b.version)[0] ?? null;
}
