import { type DetectionModel, Engine, type EngineResult, type ScoredBlock } from '@verdict/detection';
import { FlaggedTimes } from './find-probes.ts';
import type { JudgedSpan } from './judged-span.ts';
import type { QuietMeasure, QuietReadings } from './measure-version.ts';
import { FoundAnomalies, replayVersion } from './replay-version.ts';
import type { TrainingBlock } from './training-block.ts';

/** One version's run over the history that it is judged on. */
export interface VersionTrial {
  readonly model: DetectionModel;
  readonly anomalies: FoundAnomalies;
  /** Readings in alarm, or that would be were they not taught, in what was held back. */
  readonly flagged: FlaggedTimes;
  readonly quiet: QuietMeasure;
  /** Unflagged readings that were held back, per bin of p-values; empty without a reference. */
  readonly pValues: readonly number[];
  /** What was scored of the series to show, piece by piece. */
  readonly shown: ReadonlyMap<string, readonly ScoredBlock[]>;
  /** State at the held-back border. */
  readonly atBorder: Uint8Array;
}

/** Runs a version as a service would: it takes over from the built-in one and goes on from there. */
export async function tryVersion(request: {
  readonly model: DetectionModel;
  /** Snapshot of the built-in version. */
  readonly state: Uint8Array;
  readonly span: JudgedSpan;
  readonly quietReadings: QuietReadings;
  readonly show: readonly string[];
  readonly signal?: AbortSignal;
}): Promise<VersionTrial> {
  const { model, span, signal } = request;
  const engine = await Engine.restore(request.state, { model });
  const anomalies = new FoundAnomalies();
  const flagged = new FlaggedTimes();
  const quiet: QuietMeasure = { readings: 0, alarms: 0, scores: 0, error: 0, values: 0 };
  const pValues: number[] = [];
  const shown = new Map<string, ScoredBlock[]>(request.show.map((series) => [series, []]));
  const look = (result: EngineResult) => {
    anomalies.add(result.anomalies);
    for (const block of result.scored) shown.get(block.series)?.push(block);
  };
  const replay = (blocks: readonly TrainingBlock[], onResult: (result: EngineResult) => void) =>
    replayVersion({ engine, blocks, onResult, ...(signal && { signal }) });
  await replay(span.learnt, look);
  const atBorder = engine.snapshot();
  await replay(span.heldBack, (result) => {
    look(result);
    request.quietReadings.measure(result.scored, quiet);
    flagged.add(result.scored);
    result.figures.pValues.forEach((count, bin) => {
      pValues[bin] = (pValues[bin] ?? 0) + count;
    });
  });
  anomalies.addOpen(engine);
  return { model, anomalies, flagged, quiet, pValues, shown, atBorder };
}
