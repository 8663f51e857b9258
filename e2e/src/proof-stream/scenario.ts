import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  createShop,
  type InjectedAnomaly,
  type Shop,
  type ShopReading,
  shopSignals,
} from '@verdict/cli/shop';

/** How large a proof is. */
export interface ProofSize {
  readonly series: number;
  /** Steps before the model is trained; a multiple of 60, so that all of them are in history chunks. */
  readonly learnSteps: number;
  /** Steps during which processes are killed. */
  readonly steps: number;
  /** Milliseconds of real time per step while processes are killed. */
  readonly paceMs: number;
  /** How often each process is killed. */
  readonly rounds: number;
  readonly seed: number;
}

/** What `npm run proof:stream` does, and the shorter form among the tests. */
export const fullSize: ProofSize = {
  series: 200,
  learnSteps: 600,
  steps: 1500,
  paceMs: 120,
  rounds: 2,
  seed: 7,
};
export const shortSize: ProofSize = {
  series: 40,
  learnSteps: 480,
  steps: 480,
  paceMs: 60,
  rounds: 1,
  seed: 7,
};

/** Steps after the training during which the new version is rolled out and settles on every partition. */
const settleSteps = 120;
const intervalMs = 1000;
/** The times of the readings lie in the past, long ago perhaps. */
const ever = '99999d';
/** Name of the pool and of its model. */
export const poolName = 'proof';

/**
 * The data of a proof: all of it lies in the past, so that it can be sent at any pace, twice, and always at the same
 * times, so that every run has the same numbers and trains the same model.
 */
export interface Scenario {
  readonly shop: Shop;
  /** Step numbers of the three phases, each up to, not including, the next border. */
  readonly borders: { learn: number; settle: number; test: number; end: number };
  readonly signals: readonly string[];
  /** All readings of one step. */
  readingsOf(step: number): ShopReading[];
  /** What was injected into the test phase. */
  injected(): InjectedAnomaly[];
  /** Whether verdicts change what is kept quiet on this series: people answer nothing else on it. */
  isQuieted(series: string): boolean;
}

export function makeScenario(size: ProofSize): Scenario {
  const learn = Date.UTC(2026, 0, 5) / intervalMs;
  const settle = learn + size.learnSteps;
  const test = settle + settleSteps;
  const end = test + size.steps;
  const shop = createShop({
    seed: size.seed,
    series: size.series,
    gapSteps: 160,
    kinds: ['spike', 'drop', 'drift', 'flat'],
    quietUntilStep: settle,
    intervalMs,
    dayMs: 240_000,
  });
  return {
    shop,
    borders: { learn, settle, test, end },
    signals: shopSignals,
    readingsOf: (step) => shop.series.map((_, index) => shop.readingAt(index, step)),
    isQuieted: (series) => shop.series.indexOf(series) % 4 === 0,
    injected: () => shop.series.flatMap((_, index) => shop.injections(index, test, end - 20)),
  };
}

/**
 * Writes the manifests of the proof's one model and its pool of two detectors. A paused model is never trained by
 * itself: when that happens depends on time, and both runs must have the same versions.
 */
export async function writeManifests(
  folder: string,
  parts: { size: ProofSize; scenario: Scenario; paused: boolean },
): Promise<void> {
  const { size, scenario, paused } = parts;
  await mkdir(folder, { recursive: true });
  const meta = { apiVersion: 'verdict.dev/v1alpha1', metadata: { name: poolName } };
  const model = {
    ...meta,
    kind: 'AnomalyModel',
    spec: {
      series: ['shop/**'],
      signals: scenario.signals,
      recurring: 'alarm',
      training: { history: ever, minimumReadings: size.series * size.learnSteps, seed: size.seed },
      feedback: { window: ever, memory: ever },
      paused,
    },
  };
  const pool = {
    ...meta,
    kind: 'DetectorPool',
    spec: {
      model: poolName,
      consumerGroup: poolName,
      replicas: 2,
      rollout: {
        steps: [
          { share: 0.5, pauseSeconds: 1 },
          { share: 1, pauseSeconds: 1 },
        ],
        // Six in 1000 readings are injected.
        analysis: { intervalSeconds: 2, minimumReadings: 100, nominalPerThousand: 6 },
      },
    },
  };
  // JSON is YAML.
  await writeFile(path.join(folder, 'model.yaml'), JSON.stringify(model));
  await writeFile(path.join(folder, 'pool.yaml'), JSON.stringify(pool));
}
