import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { firstTrainingReadings, mostHistoryReadings } from '@verdict/cli/backtest';
import { defaultPolicy, detectionSettings } from '@verdict/detection';

/** Packages whose code decides what the engine does. */
const packages = ['@verdict/detection', '@verdict/inference', '@verdict/training'];
const notServed = /\.(test|fixture|contract)\.ts$/;

/**
 * Names the engine that was measured: 16 hex digits of a SHA-256 over its sources, default settings, policy and the
 * times of training. A speed counts only with the configuration that gave the quality.
 */
export function configurationHash(): string {
  const hash = createHash('sha256');
  const schedule = { firstTrainingReadings, mostHistoryReadings };
  hash.update(JSON.stringify([detectionSettings(), defaultPolicy, schedule]));
  for (const name of packages) {
    const folder = path.dirname(fileURLToPath(import.meta.resolve(name)));
    const files = globSync('**/*.ts', { cwd: folder }).filter((file) => !notServed.test(file));
    for (const file of files.sort()) {
      hash.update(`\n${name}/${file.replaceAll(path.sep, '/')}\n`);
      hash.update(readFileSync(path.join(folder, file)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}
