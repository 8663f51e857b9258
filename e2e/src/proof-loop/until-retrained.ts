import type { Feed } from './feed.ts';
import { pause } from './pause.ts';
import type { Timeline } from './timeline.ts';

/** How the retraining came about. */
export interface Retrained {
  readonly version: number;
  readonly trigger: string;
  readonly reasons: readonly string[];
  readonly taughtPatterns: number;
  /** Partitions planned for the new version, plan by plan. */
  readonly partitionsPlanned: readonly number[];
}

const firstVersion = 1;

/**
 * Waits until a version that was learnt after version 1 serves every partition. Rejects, with what was seen, when
 * that takes until `limit`.
 */
export async function untilRetrained(parts: {
  feed: Feed;
  timeline: Timeline;
  limit: number;
}): Promise<Retrained> {
  const { feed, timeline, limit } = parts;
  for (;;) {
    feed.check();
    const model = timeline.model();
    const run = model?.trainings.find(({ triggerId }) => !triggerId.startsWith('history-'));
    const version = model?.versions.findLast((one) => one.version > firstVersion && one.state === 'accepted');
    if (version && run && timeline.servedSince(version.version) !== null) {
      const trained = model?.trainings.find((one) => one.version === version.version);
      const taught = version.manifest?.taught;
      return {
        version: version.version,
        trigger: trained?.triggerId ?? run.triggerId,
        reasons: version.evaluation?.reasons ?? [],
        taughtPatterns: taught === undefined ? 0 : taught.everywhere + taught.single,
        partitionsPlanned: timeline.plans.flatMap(({ planned }) => planned[version.version] ?? []),
      };
    }
    if (feed.step >= limit) {
      const messages = model?.trainings.map(
        ({ triggerId, state, message }) => `${triggerId} ${state}: ${message}`,
      );
      throw new Error(
        `no retrained version came to serve every partition in time:\n${[...timeline.lines, ...(messages ?? [])].join('\n')}`,
      );
    }
    await pause(100);
  }
}
