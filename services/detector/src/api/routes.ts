import {
  DetectorStatus,
  TailsRequest,
  TailsResponse,
  UpdateRequest,
  UpdateResponse,
} from '@verdict/contracts';
import { anyRole, defineRoute, HttpProblem, type Route } from '@verdict/process';
import type { HeldPartitions } from '../claim/held-partitions.ts';
import type { ModelsAtHand } from '../claim/partition-run.ts';
import { type PoolOrders, plannedVersion } from '../model/pool-orders.ts';
import { scoredReadings } from './scored-readings.ts';

/** What the REST API speaks about. */
export interface DetectorView {
  readonly holder: string;
  /** `namespace/pool`. */
  readonly pool: string;
  readonly model: () => string;
  readonly held: HeldPartitions;
  readonly models: () => ModelsAtHand;
  readonly orders: () => PoolOrders;
  /** Reads the plan now. */
  readonly refresh: () => Promise<PoolOrders>;
}

/** How long `POST /update` waits for a version to be loaded before it answers with the one that stays. */
const loadMs = 3000;

/** The detector's routes; the edge adds documentation, health and metrics. */
export function detectorRoutes(view: DetectorView): Route[] {
  return [updateRoute(view), statusRoute(view), tailsRoute(view)];
}

function updateRoute(view: DetectorView): Route {
  return defineRoute({
    method: 'post',
    path: '/update',
    summary: 'Read the plan and the false-alarm memory now',
    description:
      'Swaps each held partition to its planned version, and to the newest false-alarm memory, at its next batch border; readings keep flowing while a version is loaded.',
    roles: ['service', 'admin'],
    body: UpdateRequest,
    response: UpdateResponse,
    problems: { 409: 'The plan is newer than the revision that the caller means' },
    handler: async ({ body }) => {
      const { plan, overlay } = await view.refresh();
      if (body.revision < plan.revision)
        throw new HttpProblem(409, {
          detail: `The plan has revision ${plan.revision}; revision ${body.revision} is stale.`,
        });
      const held = view.held.all().map((one) => ({ ...one, planned: plannedVersion(plan, one.partition) }));
      // All at once: whoever asks waits for the slowest version, not for one after the other.
      const loaded = new Map(
        await Promise.all(
          [...new Set(held.map(({ planned }) => planned))].map(
            async (version) => [version, await isLoaded(view.models(), version)] as const,
          ),
        ),
      );
      const partitions: Record<string, { version: number; overlay: number }> = {};
      for (const { partition, run, planned, troubles } of held) {
        const serves = loaded.get(planned) === true && troubles.mayTry(planned);
        const version = serves ? planned : (run?.memory.engine.version ?? 0);
        partitions[partition] = { version, overlay: overlay.number };
      }
      return { revision: plan.revision, partitions };
    },
  });
}

/** Whether a version can serve from the next batch border on; waits for its loading, with a limit. */
async function isLoaded(models: ModelsAtHand, version: number): Promise<boolean> {
  if (version === 0) return true;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), loadMs);
  });
  // The reason of a failure is in `models.failure`, which `GET /status` shows.
  const loaded = models.load(version).then(
    () => true,
    () => false,
  );
  const answer = await Promise.race([loaded, late]);
  clearTimeout(timer);
  return answer;
}

function statusRoute(view: DetectorView): Route {
  return defineRoute({
    method: 'get',
    path: '/status',
    summary: 'What this detector holds and how it goes',
    roles: anyRole,
    response: DetectorStatus,
    handler: async () => {
      const { plan } = view.orders();
      return {
        holder: view.holder,
        pool: view.pool,
        model: view.model(),
        planRevision: plan.revision,
        partitions: view.held.status(({ partition, troubles }) => {
          const planned = plannedVersion(plan, partition);
          return troubles.reason(planned) ?? view.models().failure(planned)?.message ?? null;
        }),
      };
    },
  });
}

function tailsRoute(view: DetectorView): Route {
  return defineRoute({
    method: 'post',
    path: '/tails',
    summary: 'The newest readings of series, straight from memory',
    description:
      'Readings that are not in history yet, and for some seconds those that just became history: ask for tails first, read history second, and drop what comes twice.',
    roles: ['service', 'admin'],
    body: TailsRequest,
    response: TailsResponse,
    maxBodyBytes: 512 * 1024,
    handler: async ({ body }) => ({
      tails: body.series.flatMap(({ key, after }) => {
        const rows = view.held.newest(key, after);
        return rows === null ? [] : [scoredReadings(key, rows)];
      }),
    }),
  });
}
