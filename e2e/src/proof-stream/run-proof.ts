import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { createPlatformClient, type PlatformClient, requestToken } from '@verdict/platform-client';
import { answerWithoutLimit } from '../platform/answer-without-limit.ts';
import { adminPassword, type RunningPlatform, startPlatform } from '../platform/start-platform.ts';
import { until } from '../platform/until.ts';
import { type Fault, faultsOfRound, inflict } from './faults.ts';
import { type Judgement, judge } from './judge.ts';
import { type Listener, startListener } from './listener.ts';
import { type Results, readResults } from './results.ts';
import { makeScenario, type ProofSize, type Scenario, writeManifests } from './scenario.ts';
import { pause, sendSteps } from './sender.ts';
import { makeTurns, sendWithTurns, turnCount, turnMs } from './turns.ts';

/** Outcome of a proof. */
export interface ProofReport extends Judgement {
  readonly faults: number;
  readonly postsRepeated: number;
  readonly reconnects: number;
  readonly verdictsSent: number;
  readonly verdictsLost: number;
  /** Anomalies that were called false alarms in the middle of the stream, in both runs. */
  readonly quietedAnomalies: number;
}

/**
 * Proves the laws of the stream on real processes: a model is trained on generated series, the data folder is
 * copied, and both copies get the same readings; in one of them every process is killed while data flows.
 */
export async function runProof(size: ProofSize, say: (line: string) => void): Promise<ProofReport> {
  const root = await mkdtemp(path.join(tmpdir(), 'verdict-proof-'));
  // Root hands PostgreSQL to another user, who must be able to pass through.
  await chmod(root, 0o711);
  try {
    const scenario = makeScenario(size);
    const manifests = path.join(root, 'manifests');
    await writeManifests(manifests, { size, scenario, paused: false });
    const folders = { calm: path.join(root, 'calm'), harsh: path.join(root, 'harsh') };
    const start = (dataFolder: string) =>
      startPlatform({
        dataFolder,
        manifests,
        environment: { VERDICT_RETENTION_DAYS: '36500', ...answerWithoutLimit },
      });

    say(`Training on ${size.series} series of ${size.learnSteps} readings …`);
    await during(await start(folders.calm), (platform) => learn(platform, scenario, say));
    await promisify(execFile)('cp', ['-a', folders.calm, folders.harsh]);
    await writeManifests(manifests, { size, scenario, paused: true });

    say(`Undisturbed run: ${size.steps} steps …`);
    const undisturbed = await during(await start(folders.calm), async (platform) => {
      const client = clientOf(platform);
      const turns = makeTurns({ client, scenario, token: () => accessToken(platform) });
      await sendWithTurns({ client, scenario, turns, paceMs: 0 });
      return { results: await readResults(client, scenario), chosen: turns.chosen() };
    });
    say(`Run with faults: ${size.rounds} rounds …`);
    const harsh = await during(await start(folders.harsh), (platform) =>
      runWithFaults(platform, scenario, size, say),
    );
    const judgement = judge({
      scenario,
      undisturbed: undisturbed.results,
      disturbed: harsh.results,
      told: harsh.told,
    });
    if (String(harsh.chosen) !== String(undisturbed.chosen))
      throw new Error('the two runs had different anomalies when some were to be called false alarms');
    return { ...judgement, ...harsh.counts, quietedAnomalies: harsh.chosen.length };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** Works on a platform and stops it; a stop that is not clean is a failure too. */
async function during<T>(
  platform: RunningPlatform,
  work: (platform: RunningPlatform) => Promise<T>,
): Promise<T> {
  const result = await work(platform).catch(async (error: unknown) => {
    await platform.stop();
    throw error;
  });
  const code = await platform.stop();
  if (code !== 0) throw new Error(`the platform stopped with code ${code}:\n${platform.output()}`);
  return result;
}

const adminLogin = { username: 'admin', password: adminPassword };

function clientOf(platform: RunningPlatform): PlatformClient {
  return createPlatformClient({
    url: platform.url,
    credentials: adminLogin,
  });
}

/** Real time per step while the trained version is rolled out: longer than that takes. */
const settleMs = 150;

/** Sends the first phase, waits for a trained version on every partition, and lets it settle. */
async function learn(
  platform: RunningPlatform,
  scenario: Scenario,
  say: (line: string) => void,
): Promise<void> {
  const client = clientOf(platform);
  const { learn, settle, test } = scenario.borders;
  await sendSteps({ client, scenario, from: learn, to: settle, paceMs: 0 });
  await until(
    240_000,
    async () => {
      const [model] = await client.models();
      const failed = model?.trainings.find(({ state }) => state === 'refused' || state === 'failed');
      if (failed) throw new Error(`the training was ${failed.state}: ${failed.message}`);
      return model?.trainings.some(({ state }) => state === 'succeeded') ? true : null;
    },
    () => 'no version was trained in time',
  );
  // A rollout is judged by what the candidate does with readings, so they go on meanwhile.
  const sending = sendSteps({ client, scenario, from: settle, to: test, paceMs: settleMs });
  sending.catch(() => undefined);
  const partitions = await until(
    120_000,
    async () => {
      const [pool] = await client.pools();
      const serving = pool?.partitions.filter(({ version }) => version !== null) ?? [];
      const all = serving.length > 0 && serving.every(({ version }) => version === 1);
      return all && pool?.rollout.state?.phase === 'done' ? serving.length : null;
    },
    () => 'not every partition came to serve the trained version',
  );
  await sending;
  say(`  version 1 serves ${partitions} partitions`);
}

interface HarshRun {
  readonly results: Results;
  readonly told: Listener['seen'];
  /** Ids of the anomalies that were called false alarms. */
  readonly chosen: readonly string[];
  readonly counts: Pick<
    ProofReport,
    'faults' | 'postsRepeated' | 'reconnects' | 'verdictsSent' | 'verdictsLost'
  >;
}

async function runWithFaults(
  platform: RunningPlatform,
  scenario: Scenario,
  size: ProofSize,
  say: (line: string) => void,
): Promise<HarshRun> {
  const client = clientOf(platform);
  const listener = await startListener(platform.url, client, () => accessToken(platform));
  const turns = makeTurns({ client, scenario, token: () => accessToken(platform) });
  const faults = Array.from({ length: size.rounds }, (_, round) => faultsOfRound(round)).flat();
  const sending = sendWithTurns({ client, scenario, turns, paceMs: size.paceMs });
  // The send may only fail while the faults are still being done; its rejection is seen below.
  sending.catch(() => undefined);
  const judging = judgeWhileRunning(client, listener, scenario);
  try {
    await inflictAll(platform, faults, size, say);
    const sent = await sending;
    const verdicts = await judging.stop();
    const results = await readResults(client, scenario);
    await settled(listener, results);
    return {
      results,
      told: listener.seen,
      chosen: turns.chosen(),
      counts: {
        faults: faults.length,
        postsRepeated: sent.repeated,
        reconnects: listener.connections() - 1,
        verdictsSent: verdicts.size,
        verdictsLost: await countLost(client, verdicts),
      },
    };
  } finally {
    // Whoever answered or listened on would keep the process, also one that failed.
    await Promise.all([judging.stop(), listener.stop()]);
  }
}

/** Spreads the faults over the time that the data flows. */
async function inflictAll(
  platform: RunningPlatform,
  faults: readonly Fault[],
  size: ProofSize,
  say: (line: string) => void,
): Promise<void> {
  const lengthMs = size.steps * size.paceMs + turnMs * turnCount;
  const everyMs = Math.max(4000, lengthMs / (faults.length + 1));
  for (const fault of faults) {
    await pause(everyMs);
    const pid = await inflict(platform, fault);
    say(`  ${fault.kind === 'kill' ? 'killed' : 'froze'} ${fault.part} (process ${pid})`);
  }
}

/**
 * Answers `true` to the anomalies that reach the client, through whatever is being killed. Not on the series whose
 * alarms are called false: a confirmed one there would change what may be kept quiet, in this run only.
 */
function judgeWhileRunning(
  client: PlatformClient,
  listener: Listener,
  scenario: Scenario,
): { stop(): Promise<Set<string>> } {
  const judged = new Set<string>();
  let stopping = false;
  const live = async (): Promise<void> => {
    while (!stopping) {
      const open = [...listener.seen.values()].find(
        ({ id, series }) => !judged.has(id) && !scenario.isQuieted(series),
      );
      const sent =
        open && (await client.sendFeedback({ anomalyId: open.id, verdict: 'true' }).catch(() => null));
      if (open && sent) judged.add(open.id);
      await pause(300);
    }
  };
  const ended = live();
  return {
    async stop() {
      stopping = true;
      await ended;
      return judged;
    },
  };
}

/** Waits until the client has heard of every anomaly in its newest revision, for a bounded time. */
async function settled(listener: Listener, results: Results): Promise<void> {
  const behind = () =>
    [...results.anomalies.values()].filter(
      ({ id, revision }) => (listener.seen.get(id)?.revision ?? 0) < revision,
    );
  await until(
    30_000,
    async () => (behind().length === 0 ? true : null),
    () => '',
  ).catch(() => undefined);
}

async function countLost(client: PlatformClient, judged: ReadonlySet<string>): Promise<number> {
  const lost = new Set(judged);
  await until(
    30_000,
    async () => {
      for (const id of [...lost]) if ((await client.anomaly(id)).verdicts.length === 1) lost.delete(id);
      return lost.size === 0 ? true : null;
    },
    () => '',
    1000,
  ).catch(() => undefined);
  return lost.size;
}

async function accessToken({ url }: RunningPlatform): Promise<string> {
  return (await requestToken({ url }, adminLogin)).access_token;
}
