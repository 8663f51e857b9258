import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { RunningPlatform } from '../platform/start-platform.ts';
import { type Arm, adminClient, peopleOf, startArmPlatform, stopCleanly } from './arm.ts';
import { countLost } from './count-lost.ts';
import { Feed } from './feed.ts';
import { type Figures, figuresOf, readAnomalies } from './figures.ts';
import { learnVersionOne } from './learn-version-one.ts';
import { modelResource, writeManifests } from './manifests.ts';
import { writePeople } from './people.ts';
import { type PoisonOutcome, tryPoisons } from './poison.ts';
import { makeScenario, type Scenario } from './scenario.ts';
import type { ArmName, ProofSize } from './size.ts';
import { startTimeline, type Timeline } from './timeline.ts';
import { untilRetrained } from './until-retrained.ts';

/** What one arm showed. */
export interface ArmResult {
  readonly name: ArmName;
  /** With version 1, before what is normal changed. */
  readonly normal: Figures;
  /** From the change until the loop's new version served everywhere. */
  readonly flood: Figures;
  /** From then on; the same steps for every arm. */
  readonly after: Figures;
  readonly lost: number;
  readonly judged: number;
  readonly answers: number;
  readonly timeline: readonly string[];
  /** Triggers of trainings that began while the arm ran. */
  readonly triggers: readonly string[];
  /** Steps after the change at which its own new version served everywhere; null = never. */
  readonly swappedAfter: number | null;
}

export interface SeedResult {
  readonly seed: number;
  readonly arms: readonly ArmResult[];
  /** How many partitions were planned for the new version, plan by plan. */
  readonly partitionsPlanned: readonly number[];
  readonly trigger: string;
  /** Why the candidate was accepted, gate by gate. */
  readonly reasons: readonly string[];
  readonly taughtPatterns: number;
  readonly poisons: readonly PoisonOutcome[];
  readonly size: ProofSize;
}

/** Runs all arms of one seed side by side and counts. Whatever happens, nothing is left running. */
export async function runSeed(
  seed: number,
  size: ProofSize,
  say: (line: string) => void,
): Promise<SeedResult> {
  const root = await mkdtemp(path.join(tmpdir(), 'verdict-loop-'));
  // Root hands PostgreSQL to another user, who must be able to pass through.
  await chmod(root, 0o711);
  const platforms: RunningPlatform[] = [];
  try {
    const scenario = makeScenario(seed, size);
    await writeManifests(path.join(root, 'manifests'), scenario, size);
    await writePeople(path.join(root, 'people.json'));
    const [first, ...others] = size.arms;
    if (first !== 'loop') throw new Error('the arm "loop" comes first');
    say(`Seed ${seed}: ${size.series} series, an empty data folder`);
    await learnVersionOne({ root, folder: first, scenario, size, say });
    for (const other of others)
      await promisify(execFile)('cp', ['-a', path.join(root, first), path.join(root, other)]);
    const starts = await Promise.allSettled(size.arms.map((name) => startArmPlatform(root, name)));
    for (const start of starts) if (start.status === 'fulfilled') platforms.push(start.value);
    for (const start of starts) if (start.status === 'rejected') throw start.reason;
    const result = await runArms({ seed, size, scenario, platforms, say });
    for (const platform of platforms.splice(0)) await stopCleanly(platform);
    return result;
  } finally {
    await Promise.all(platforms.map((platform) => platform.stop().catch(() => undefined)));
    await rm(root, { recursive: true, force: true });
  }
}

interface Run {
  readonly seed: number;
  readonly size: ProofSize;
  readonly scenario: Scenario;
  readonly platforms: readonly RunningPlatform[];
  readonly say: (line: string) => void;
}

async function runArms(run: Run): Promise<SeedResult> {
  const { size, scenario, platforms, say } = run;
  const { normal, change } = scenario.borders;
  const clients = platforms.map(adminClient);
  const control = clients[size.arms.indexOf('control')];
  await control?.putModel(modelResource(scenario, size, true));
  const feed = new Feed({
    scenario,
    clients,
    fromStep: normal,
    limit: Number.POSITIVE_INFINITY,
    paceMs: size.paceMs,
  });
  const watched: { arm: Arm; timeline: Timeline }[] = size.arms.map((name, index) => {
    const [platform, client] = [platforms[index], clients[index]];
    if (!platform || !client) throw new Error(`there is no platform for ${name}`);
    const people = peopleOf(name, platform, scenario);
    return {
      arm: { name, platform, client, people },
      timeline: startTimeline(client, () => feed.step - change),
    };
  });
  const [loop] = watched;
  if (!loop) throw new Error('there are no arms');
  const pacing = setInterval(() => {
    feed.paceMs = watched.some(({ timeline }) => timeline.trains()) ? trainingMs : size.paceMs;
  }, 100);
  try {
    await feed.reached(change);
    say(`  what is normal changes; ${loop.arm.people.judged()} anomalies judged so far`);
    const retrained = await untilRetrained({
      feed,
      timeline: loop.timeline,
      limit: change + size.mostFloodSteps,
    });
    say(`  version ${retrained.version} serves everywhere, ${feed.step - change} steps after the change`);
    const swapped = feed.step;
    const end = swapped + size.afterSteps;
    await feed.reached(end);
    // The anomalies of the last injections have to come to their end before they are counted.
    await feed.reached(end + trailSteps);
    const counted = await Promise.all(
      watched.map(async (one) => ({ ...one, anomalies: await readAnomalies(one.arm.client, normal) })),
    );
    const poisons = await tryPoisons({ arm: loop.arm, feed, scenario }, say);
    await feed.stop();
    const arms: ArmResult[] = [];
    for (const { arm, timeline, anomalies } of counted) {
      await Promise.all([arm.people.stop(), timeline.stop()]);
      const figures = (fromStep: number, toStep: number) =>
        figuresOf(scenario, anomalies, { fromStep, toStep });
      arms.push({
        name: arm.name,
        normal: figures(normal, change),
        flood: figures(change, swapped),
        after: figures(swapped, end),
        lost: await countLost(arm, scenario, feed.step),
        judged: arm.people.judged(),
        answers: arm.people.answers(),
        timeline: timeline.lines,
        triggers:
          timeline
            .model()
            ?.trainings.map(({ triggerId }) => triggerId)
            .toReversed() ?? [],
        swappedAfter: timeline.replacedSince(1),
      });
    }
    const { seed } = run;
    const { trigger, reasons, taughtPatterns, partitionsPlanned } = retrained;
    return { seed, size, arms, partitionsPlanned, trigger, reasons, taughtPatterns, poisons };
  } finally {
    clearInterval(pacing);
    await Promise.allSettled([
      feed.stop(),
      ...watched.flatMap(({ arm, timeline }) => [arm.people.stop(), timeline.stop()]),
    ]);
  }
}

/**
 * Real time per step while a training runs. A step stands for ten seconds; at the usual pace a training of some seconds
 * would seem to take an hour, and how long a flood lasts would be a matter of how busy this machine is.
 */
const trainingMs = 1000;

/** Longer than an injection with the memory of a window. */
const trailSteps = 30;
