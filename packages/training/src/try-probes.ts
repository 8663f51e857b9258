import { Engine } from '@verdict/detection';
import { FlaggedTimes, isAmong } from './find-probes.ts';
import { injectProbes, type Probe } from './probes.ts';
import { replayVersion } from './replay-version.ts';
import type { TrainingBlock } from './training-block.ts';
import type { VersionTrial } from './version-trial.ts';

/** How two versions do on injected spikes and drops. */
export interface ProbeCounts {
  /** Probes that count. */
  readonly probes: number;
  readonly candidateFound: number;
  readonly championFound: number;
  /** Probes that do not count, because they look like what people called false alarms. */
  readonly quieted: number;
}

/** Closer together, an engine would take the probes for the usual. */
const rowsPerProbe = 60;
/** Short histories are disturbed several times, in different places, until there are this many probes. */
const wantedProbes = 60;
const mostPasses = 16;
/** Readings that are disturbed in one pass at most; more would add nothing but time. */
const mostReadings = 60_000;
/** A version that holds more than this part of all probes for taught is blind, not taught. */
const mostQuieted = 0.5;

/**
 * Disturbs held-back history and counts what each version finds. Where one of them alarms without a probe too, a
 * probe would prove nothing: a version in alarm all the time would find them all.
 */
export async function tryProbes(request: {
  readonly heldBack: readonly TrainingBlock[];
  readonly candidate: VersionTrial;
  readonly champion: VersionTrial;
  readonly seed: number;
  readonly signal?: AbortSignal;
}): Promise<ProbeCounts> {
  const { candidate, champion, seed, signal } = request;
  const trials = [candidate, champion];
  const blocks = thinned(request.heldBack);
  const { signals } = candidate.model.settings;
  const fair: { candidate: boolean; champion: boolean }[] = [];
  const quieted: typeof fair = [];
  for (let pass = 0; pass < mostPasses && fair.length < wantedProbes; pass += 1) {
    const probed = injectProbes({ blocks, signals, seed: seed + pass, every: rowsPerProbe });
    const flagged = await Promise.all(trials.map((trial) => flaggedBy(trial, probed.blocks, signal)));
    const among = (probe: Probe, which: 'alarms' | 'quieted') =>
      flagged.map((one) => isAmong(probe, probed.blocks, one[which]));
    for (const probe of probed.probes) {
      const anyway = trials.some(
        ({ flagged: calm }) => isAmong(probe, blocks, calm.alarms) || isAmong(probe, blocks, calm.quieted),
      );
      if (anyway) continue;
      const [byCandidate = false, byChampion = false] = among(probe, 'alarms');
      const taught = among(probe, 'quieted').some((is, who) => is && !(who === 0 ? byCandidate : byChampion));
      (taught ? quieted : fair).push({ candidate: byCandidate, champion: byChampion });
    }
  }
  const all = fair.length + quieted.length;
  const counted = quieted.length > mostQuieted * all ? [...fair, ...quieted] : fair;
  return {
    probes: counted.length,
    candidateFound: counted.filter((found) => found.candidate).length,
    championFound: counted.filter((found) => found.champion).length,
    quieted: all - counted.length,
  };
}

async function flaggedBy(
  { model, atBorder }: VersionTrial,
  blocks: readonly TrainingBlock[],
  signal?: AbortSignal,
): Promise<FlaggedTimes> {
  const engine = await Engine.restore(atBorder, { model });
  const flagged = new FlaggedTimes();
  const onResult = ({ scored }: Awaited<ReturnType<Engine['process']>>) => flagged.add(scored);
  await replayVersion({ engine, blocks, onResult, ...(signal && { signal }) });
  return flagged;
}

/** Every so manieth block, so that there are not too many readings. */
function thinned(blocks: readonly TrainingBlock[]): TrainingBlock[] {
  const readings = blocks.reduce((sum, { times }) => sum + times.length, 0);
  const step = Math.max(1, Math.ceil(readings / mostReadings));
  return blocks.filter((_, index) => index % step === 0);
}
