import { existsSync } from 'node:fs';
import path from 'node:path';
import { configurationHash } from '../configuration-hash.ts';
import { type LatencyFigures, measureLatency } from '../engine/measure-latency.ts';
import { type MachinesReport, measureMachines } from './measure-machines.ts';
import { measureNab } from './measure-nab.ts';
import { type NabReport, reportNab } from './nab-report.ts';
import type { QualityOptions, SetName } from './options.ts';

/** What was measured of labelled sets; `null` for one that was not asked for or is not there. */
export interface SetsReport {
  readonly nab: NabReport | null;
  readonly smd: MachinesReport | null;
  readonly asd: MachinesReport | null;
}

/** All figures of one run. */
export interface QualityReport extends SetsReport {
  /** Which engine it was. */
  readonly configuration: string;
  readonly settings: QualityOptions['settings'];
  readonly latency: readonly LatencyFigures[];
}

/** Largest buffers of VUS: about the length of an event in each set. */
const vusWindows = { smd: 100, asd: 50 } as const;

interface World {
  readonly signal: AbortSignal;
  readonly tell: (sentence: string) => void;
}

/** Measures every set that is wanted and there, and what one reading takes. */
export async function measureQuality(options: QualityOptions, world: World): Promise<QualityReport> {
  const { settings } = options;
  return {
    configuration: configurationHash(),
    settings,
    ...(await measureSets(options, world)),
    latency: await latencies(settings, world.tell),
  };
}

/** Measures every set that is wanted and there. */
export async function measureSets(
  { data, only, settings }: Pick<QualityOptions, 'data' | 'only' | 'settings'>,
  world: World,
): Promise<SetsReport> {
  const missing: SetName[] = [];
  const folderOf = (set: SetName) => {
    if (!only.includes(set)) return null;
    const folder = path.join(data, set);
    if (existsSync(folder)) return folder;
    missing.push(set);
    return null;
  };
  const shown = { ...world, onSeries: world.tell };
  const machines = async (set: 'smd' | 'asd') => {
    const folder = folderOf(set);
    return folder === null ? null : measureMachines(folder, vusWindows[set], settings, shown);
  };
  const nab = folderOf('nab');
  const report = {
    nab: nab === null ? null : reportNab(await measureNab(nab, settings, shown)),
    smd: await machines('smd'),
    asd: await machines('asd'),
  };
  for (const set of missing)
    world.tell(`MISSING: ${path.join(data, set)} is not there, so ${set} was not measured`);
  if (missing.length === only.length) throw new Error(`${data} holds none of ${only.join(', ')}.`);
  return report;
}

async function latencies(
  { model, signals, window }: QualityOptions['settings'],
  tell: (sentence: string) => void,
): Promise<LatencyFigures[]> {
  tell('milliseconds per reading …');
  const many = `38 signals, ${signals === 'each' ? 'each by itself' : 'together'}`;
  return [
    await measureLatency({ name: '1 signal', width: 1, signals: 'each', window, model }),
    await measureLatency({ name: many, width: 38, signals, window, model }),
  ];
}
