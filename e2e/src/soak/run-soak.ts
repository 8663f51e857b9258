import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Judgement, judge } from '../proof-stream/judge.ts';
import { makeScenario } from '../proof-stream/scenario.ts';
import type { Break } from './adapters/messages.ts';
import { type HarshRun, runHarshly } from './harsh-run.ts';
import { Journal } from './journal.ts';
import type { SoakOptions } from './options.ts';
import { poolName } from './parts/environment.ts';
import { SoakPlatform } from './parts/soak-platform.ts';
import { orAborted } from './pause.ts';
import { runUndisturbed } from './reference-run.ts';
import { learnVersions, publishVersions } from './versions.ts';

/** What a soak found. */
export interface SoakReport
  extends Pick<HarshRun, 'counts' | 'faults' | 'takeovers' | 'minutes' | 'crashes'>,
    Pick<Judgement, 'readings' | 'anomalies' | 'versions' | 'quieted' | 'largestScoreDifference'> {
  readonly seed: number;
  readonly broken: Break | null;
  /** Every number must be 0. */
  readonly violations: Readonly<Record<string, number>>;
  /** Changes of versions, shadows and memories that the undisturbed run was given, on all partitions. */
  readonly swaps: number;
}

/** Steps before anything goes wrong in the shop. */
const quietSteps = 120;

/**
 * Lets a platform run while everything dies in turn, then compares it with an undisturbed run over the same events.
 * Rejects when the signal is aborted, or something is broken that says nothing of the stream.
 */
export async function runSoak(
  options: SoakOptions & { broken: Break | null },
  context: { signal: AbortSignal; say: (line: string) => void },
): Promise<SoakReport> {
  const { broken, detectors, keep, partitions, seed } = options;
  const { signal, say } = context;
  const folder = await mkdtemp(path.join(tmpdir(), 'verdict-soak-'));
  await chmod(folder, 0o711);
  let platform: SoakPlatform | null = null;
  try {
    const scenario = makeScenario({
      ...{ series: options.series, learnSteps: quietSteps, steps: 0, seed },
      ...{ paceMs: options.paceMs, rounds: 0 },
    });
    say('Learning two versions …');
    const versions = await orAborted(signal, learnVersions(scenario));
    say(`Starting the platform in ${folder} …`);
    const journal = new Journal();
    const onNote = journal.note.bind(journal);
    platform = await SoakPlatform.start({ folder, partitions, detectors, broken, onNote });
    const { environment } = platform;
    const blobsUrl = environment.variables.VERDICT_BLOBS_URL ?? '';
    const { signals } = scenario;
    await platform.withStores(environment, (stores) =>
      publishVersions({ stores, blobsUrl, partitions, consumerGroup: poolName, signals }, versions),
    );
    await orAborted(signal, platform.startWorkers());
    say(`Faults for ${options.minutes} min …`);
    const harsh = await orAborted(signal, runHarshly({ platform, journal, scenario }, options, context));
    await platform.stopWorkers();
    const undisturbed = await orAborted(signal, runUndisturbed(platform, harsh, { ...context, versions }));
    const judgement = judge({
      ...{ scenario: harsh.scenario, told: harsh.told },
      ...{ undisturbed, disturbed: harsh.results },
    });
    const { counts, crashes, faults, takeovers, minutes } = harsh;
    const { readings, anomalies, quieted, largestScoreDifference } = judgement;
    return {
      ...{ seed, broken, counts, crashes, faults, takeovers, minutes },
      ...{ readings, anomalies, versions: judgement.versions, quieted, largestScoreDifference },
      swaps: [...harsh.spans.values()].reduce((sum, { spans }) => sum + spans.length - 1, 0),
      violations: { ...judgement.violations, ...harsh.violations },
    };
  } finally {
    await platform?.stop();
    if (keep) say(`Data and logs are kept in ${folder}`);
    else await rm(folder, { recursive: true, force: true });
  }
}
