import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AnomalyModelResource, DetectorPoolResource } from '@verdict/contracts';
import type { Scenario } from './scenario.ts';
import type { ProofSize } from './size.ts';

/** Name of the one model, of its pool and of the pool's consumer group. */
export const modelName = 'loop';

/** All that was ever sent: its times lie in the past, long ago perhaps. */
const ever = '99999d';
/**
 * So much goes wrong in this shop that about half of the alarms stay real in the flood: more is asked of the model than
 * by default, and more answers are waited for.
 */
const feedback = {
  targetPrecision: 0.7,
  minimumVerdicts: 80,
  windowAnomalies: 100,
  halfLifeAnomalies: 50,
  window: ever,
  memory: ever,
};
const apiVersion = 'verdict.dev/v1alpha1';
const metadata = { name: modelName };

export function modelResource(scenario: Scenario, size: ProofSize, paused: boolean): AnomalyModelResource {
  // The newest readings wait in the detectors' memory until a chunk of history is full.
  const minimumReadings = size.series * (size.learnSteps - 60);
  return AnomalyModelResource.parse({
    apiVersion,
    kind: 'AnomalyModel',
    metadata,
    spec: {
      series: ['shop/**'],
      signals: scenario.signals,
      // Every one of the injected anomalies is to be told, however many there are.
      recurring: 'alarm',
      training: { history: ever, minimumReadings, seed: scenario.seed },
      feedback,
      paused,
    },
  });
}

function poolResource(size: ProofSize): DetectorPoolResource {
  const { pauseSeconds, intervalSeconds, shares } = size;
  return DetectorPoolResource.parse({
    apiVersion,
    kind: 'DetectorPool',
    metadata,
    spec: {
      model: modelName,
      consumerGroup: modelName,
      replicas: 1,
      rollout: {
        steps: shares.map((share) => ({ share, pauseSeconds })),
        // One injection in 160 readings: six real anomalies in 1000.
        analysis: {
          intervalSeconds,
          minimumReadings: 50,
          nominalPerThousand: 6,
          progressDeadlineSeconds: 60,
        },
      },
    },
  });
}

/** Writes the manifests of the proof. JSON is YAML. */
export async function writeManifests(folder: string, scenario: Scenario, size: ProofSize): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'model.yaml'), JSON.stringify(modelResource(scenario, size, false)));
  await writeFile(path.join(folder, 'pool.yaml'), JSON.stringify(poolResource(size)));
}
