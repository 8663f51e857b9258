import { until } from '../platform/until.ts';
import { adminClient, startArmPlatform, stopCleanly } from './arm.ts';
import { Feed } from './feed.ts';
import type { Scenario } from './scenario.ts';
import type { ProofSize } from './size.ts';

/** Real time per step while nobody waits for anything but the readings. */
const fastMs = 45;

/**
 * On an empty data folder: readings flow, version 1 is trained by itself and rolled out. Ends at the border `normal`,
 * whatever time that took, so that every run goes on from the same reading.
 */
export async function learnVersionOne(request: {
  root: string;
  folder: string;
  scenario: Scenario;
  size: ProofSize;
  say: (line: string) => void;
}): Promise<void> {
  const { root, folder, scenario, size, say } = request;
  const { learn, settle, normal } = scenario.borders;
  const platform = await startArmPlatform(root, folder);
  const client = adminClient(platform);
  let feed = new Feed({ scenario, clients: [client], fromStep: learn, limit: settle, paceMs: fastMs });
  try {
    await feed.reached(settle);
    await feed.stop();
    let seen = 'nothing was seen of the model';
    await until(
      180_000,
      async () => {
        const [model] = await client.models();
        const [run] = model?.trainings ?? [];
        seen = `${model?.readings} readings in history, ${run ? `training ${run.triggerId} ${run.state}` : 'no training'}`;
        const bad = model?.trainings.find(({ state }) => state === 'refused' || state === 'failed');
        if (bad) throw new Error(`the first training was ${bad.state}: ${bad.message}`);
        return model?.trainings.some(({ state }) => state === 'succeeded') ? true : null;
      },
      () => `version 1 was not trained within 180 s: ${seen}`,
    );
    say('  version 1 is trained');
    // A rollout is judged by what the candidate does with readings: they flow on, at the proof's pace.
    feed = new Feed({ scenario, clients: [client], fromStep: settle, limit: normal, paceMs: size.paceMs });
    const serves = async (): Promise<true | null> => {
      feed.check();
      const [pool] = await client.pools();
      const serving = pool?.partitions.filter(({ version }) => version !== null) ?? [];
      const all = serving.length > 0 && serving.every(({ version }) => version === 1);
      return all && pool?.rollout.state?.phase === 'done' ? true : null;
    };
    await until(120_000, serves, () => 'version 1 did not come to serve every partition within 120 s');
    say(`  version 1 serves every partition, ${feed.step - settle} steps later`);
    feed.paceMs = fastMs;
    await feed.reached(normal);
  } finally {
    await feed.stop().catch(() => undefined);
    await stopCleanly(platform);
  }
}
