import type { ModelView, PoolView } from '@verdict/contracts';
import type { PlatformClient } from '@verdict/platform-client';
import { pause } from './pause.ts';

/** How many partitions each version has. */
export type Share = Readonly<Record<number, number>>;

/** What became of an arm's model and pool over time. */
export interface Timeline {
  /** In words, with the step at which each was seen. */
  readonly lines: readonly string[];
  /** Plan revisions as they were seen. */
  readonly plans: readonly { readonly step: number; readonly revision: number; readonly planned: Share }[];
  readonly model: () => ModelView | null;
  readonly pool: () => PoolView | null;
  /** Whether a training is under way. */
  readonly trains: () => boolean;
  /** Step at which every partition was first seen to be served by this version; null = not yet. */
  servedSince(version: number): number | null;
  /** The same for any version that was learnt after this one. */
  replacedSince(version: number): number | null;
  stop(): Promise<void>;
}

const lookEveryMs = 400;

/** Watches until it is stopped; a look that fails is made again. */
export function startTimeline(client: PlatformClient, stepNow: () => number): Timeline {
  const lines: string[] = [];
  const plans: { step: number; revision: number; planned: Share }[] = [];
  const told = new Map<string, string>();
  const whole = new Map<number, number>();
  let model: ModelView | null = null;
  let pool: PoolView | null = null;
  let stopping = false;

  const tell = (topic: string, text: string): void => {
    if (told.get(topic) === text) return;
    told.set(topic, text);
    lines.push(`step ${stepNow()}: ${text}`);
  };
  const look = async (): Promise<void> => {
    [model = null] = await client.models();
    [pool = null] = await client.pools();
    if (!model || !pool) return;
    const { trust, trainings } = model;
    if (trust) {
      const { state, mean, high, judged } = trust.confidence;
      const range = `mean ${mean.toFixed(2)}, at most ${high.toFixed(2)}, ${judged} judged`;
      if (told.get('trust') !== `${trust.version} ${state}`)
        lines.push(`step ${stepNow()}: confidence in version ${trust.version} is ${state} (${range})`);
      told.set('trust', `${trust.version} ${state}`);
      tell('drift', `signs: ${trust.drift.verdict} (${trust.drift.reason})`);
    }
    for (const run of trainings.toReversed())
      tell(
        `training ${run.triggerId}`,
        `training ${run.triggerId} ${run.state}${run.version === null ? '' : `, version ${run.version}`}`,
      );
    const planned = shareOf(pool.partitions.map((one) => one.planned.version));
    if (plans.at(-1)?.revision !== pool.plan.revision) {
      plans.push({ step: stepNow(), revision: pool.plan.revision, planned });
      tell('plan', `plan revision ${pool.plan.revision}: ${shareText(planned)}`);
    }
    const served = pool.partitions.flatMap(({ version }) => (version === null ? [] : [version]));
    tell('served', `served: ${shareText(shareOf(served))}`);
    const [only] = served;
    if (only !== undefined && served.every((version) => version === only) && !whole.has(only))
      whole.set(only, stepNow());
  };
  const live = async (): Promise<void> => {
    while (!stopping) {
      await look().catch((error: unknown) => tell('trouble', `could not look: ${String(error)}`));
      await pause(lookEveryMs);
    }
  };
  const ended = live();
  return {
    lines,
    plans,
    model: () => model,
    pool: () => pool,
    trains: () => model?.trainings.some(({ state }) => state === 'running') ?? false,
    replacedSince: (version) =>
      [...whole]
        .filter(([newer]) => newer > version)
        .reduce<number | null>((first, [, step]) => first ?? step, null),
    servedSince: (version) => whole.get(version) ?? null,
    async stop() {
      stopping = true;
      await ended;
    },
  };
}

function shareOf(versions: readonly number[]): Share {
  return Object.fromEntries(
    [...Map.groupBy(versions, (version) => version)].map(([version, all]) => [version, all.length]),
  );
}

function shareText(share: Share): string {
  return Object.entries(share)
    .map(([version, count]) => `version ${version} on ${count}`)
    .join(', ');
}
