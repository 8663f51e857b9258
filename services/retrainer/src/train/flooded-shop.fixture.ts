import { type AnomalyChange, builtInModel, detectionSettings, Engine } from '@verdict/detection';
import type { HistoryRows, LabelledAnomaly } from '@verdict/storage';
import { shopRows, shopSignals } from '../testing/shop-history.fixture.ts';
import { loadChampion } from './load-champion.ts';
import { runTraining } from './run-training.ts';
import { type SaidOfHistory, trainingWorld } from './training-world.fixture.ts';

const seriesCount = 6;
const rows = 900;
/** From this row on version 1 serves. */
const servedFrom = 450;
/** From this row on every series runs jobs: more requests with less cpu. Nothing is wrong with that. */
const changeRow = 560;
const stepMs = 5000;

interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Real faults (much cpu) and jobs of one series, by row; never close together. */
function stretchesOf(index: number): { faults: Stretch[]; jobs: Stretch[] } {
  const at = (first: number, length: number, from: number) =>
    Array.from({ length: 20 }, (_, turn) => first + 13 * index + 90 * turn)
      .filter((row) => row >= from && row + length + 30 < rows)
      .map((row) => ({ from: row, to: row + length - 1 }));
  return { faults: at(200, 4, 200).filter((_, turn) => turn % 2 === 0), jobs: at(245, 6, changeRow) };
}

/**
 * A shop whose normal behaviour changed lately, with version 1 trained before that and serving since. Its history, and
 * its anomalies with a verdict of three people on each, but for every seventh.
 */
export async function floodedShop() {
  const nowMs = Date.UTC(2026, 0, 5);
  const timeOf = (row: number) => nowMs - (rows - 1 - row) * stepMs;
  const whole: Record<string, HistoryRows> = {};
  for (let index = 0; index < seriesCount; index += 1) {
    const one = shopRows(index + 1, rows, nowMs);
    const { faults, jobs } = stretchesOf(index);
    const move = ({ from, to }: Stretch, requests: number, cpu: number) => {
      for (let row = from; row <= to; row += 1) {
        one.values[2 * row] = (one.values[2 * row] ?? 0) + requests;
        one.values[2 * row + 1] = (one.values[2 * row + 1] ?? 0) + cpu;
      }
    };
    for (const fault of faults) move(fault, 0, 14);
    for (const [turn, job] of jobs.entries()) move(job, 30 + 3 * (turn % 3), -12 - (turn % 3));
    whole[`shop/${index}`] = one;
  }
  const series = { ...whole };
  const said: SaidOfHistory = {};
  const served: (number | null)[] = [];
  const world = trainingWorld(series, said, served);
  const parts = { ...world.parts, clock: { ...world.parts.clock, nowMs: () => nowMs } };
  const train = (triggerId: string) =>
    runTraining(parts, { namespace: 'default', model: 'shop', triggerId, attempt: 1, mostAttempts: 1 });

  const settings = detectionSettings({ signals: shopSignals, window: 16, recurring: 'alarm' });
  const changes = new Map<string, AnomalyChange>();
  const serve = async (engine: Engine, from: number, to: number) => {
    const blocks = Object.entries(whole).map(([key, { signals, times, values }]) => ({
      series: key,
      signals,
      times: times.slice(from, to),
      values: values.slice(2 * from, 2 * to),
    }));
    const { scored, anomalies } = await engine.process(blocks);
    for (const { series: key, flags } of scored) whole[key]?.flags.set(flags, from);
    for (const change of anomalies) changes.set(`${change.series} ${change.startTime}`, change);
  };
  const engine = new Engine({ model: builtInModel(settings) });
  await serve(engine, 0, servedFrom);
  for (const [key, all] of Object.entries(whole)) series[key] = firstRows(all, servedFrom);
  const first = await train('history-0');
  const { model, network } = await loadChampion({
    blobs: parts.blobs,
    trusted: null,
    namespace: 'default',
    model: 'shop',
    version: first.version ?? 0,
    settings,
  });
  await engine.swap(model);
  await serve(engine, servedFrom, rows);
  await network?.close();
  Object.assign(series, whole);
  served.push(model.version);
  const isReal = ({ series: key, startTime, endTime }: AnomalyChange) =>
    stretchesOf(Number(key.slice(5))).faults.some(
      ({ from, to }) => timeOf(from) <= endTime && timeOf(to + 2) >= startTime,
    );
  said.anomalies = [...changes.values()].map((change, turn): LabelledAnomaly => {
    const verdict = isReal(change) ? 'true' : 'false';
    return {
      id: `${change.series} ${change.startTime}`,
      series: change.series,
      version: change.openedBy,
      state: change.kind === 'closed' ? 'closed' : 'open',
      startMs: change.startTime,
      endMs: change.endTime,
      peakScore: change.peakScore,
      patterns: change.patterns,
      verdicts: turn % 7 === 6 ? [] : ['ada', 'bo', 'cy'].map((person) => ({ person, verdict })),
    };
  });
  return { ...world, parts, train, first };
}

function firstRows(all: HistoryRows, count: number): HistoryRows {
  const width = all.signals.length;
  return {
    signals: all.signals,
    times: all.times.slice(0, count),
    values: all.values.slice(0, count * width),
    expected: all.expected.slice(0, count * width),
    band: all.band.slice(0, count * width),
    score: all.score.slice(0, count),
    flags: all.flags.slice(0, count),
  };
}
