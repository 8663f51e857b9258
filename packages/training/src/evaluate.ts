import { builtInModel, type DetectionModel, Engine, type EngineResult } from '@verdict/detection';
import { type AcceptanceDecision, decideAcceptance } from './acceptance.ts';
import { countFound, measureQuiet } from './measure-version.ts';
import { injectProbes } from './probes.ts';
import type { TrainingBlock } from './window-sample.ts';

export interface EvaluationRequest {
  /** Whole history: what lies before `heldBackFrom` makes the engines' state, the rest judges. */
  readonly blocks: readonly TrainingBlock[];
  /** Event time from which on the candidate was not trained, epoch ms: `TrainingResult.heldBackFrom`. */
  readonly heldBackFrom: number;
  readonly candidate: DetectionModel;
  /** Default: version 0 with the candidate's settings. */
  readonly baseline?: DetectionModel;
  /** Decides where the probes go. */
  readonly seed: number;
  readonly signal?: AbortSignal;
}

/** How one version does on held-back history. */
export interface VersionEvaluation {
  readonly version: number;
  /** Held-back readings that were scored and are not flagged as anomalies in the history. */
  readonly readings: number;
  /** Alarming readings per 1000 of them. */
  readonly alarmsPerThousand: number;
  /** Anomalies opened per 1000 of them. */
  readonly anomaliesPerThousand: number;
  readonly meanScore: number;
  /** Mean of |value − expected| over each signal's 5 to 95 % span. */
  readonly reconstructionError: number;
  readonly probes: number;
  readonly probesFound: number;
}

export interface Evaluation extends AcceptanceDecision {
  readonly candidate: VersionEvaluation;
  readonly baseline: VersionEvaluation;
}

/** Closer together, an engine would take the probes for the usual. */
const rowsPerProbe = 60;
/** Short histories are disturbed several times, in different places, until there are this many probes. */
const wantedProbes = 60;
const mostPasses = 16;

/** Judges a candidate against the baseline, as a service would run them, on history it has not seen. */
export async function evaluate(request: EvaluationRequest): Promise<Evaluation> {
  const { candidate, heldBackFrom, blocks, signal } = request;
  const baseline = request.baseline ?? builtInModel(candidate.settings);
  const before = new Engine({ model: builtInModel(candidate.settings) });
  await before.process(blocks.map((block) => part(block, 0, borderRow(block, heldBackFrom))));
  const state = before.snapshot();
  const held = blocks.map((block) => part(block, borderRow(block, heldBackFrom), block.times.length));
  const run = async (model: DetectionModel, on: readonly TrainingBlock[]): Promise<EngineResult> => {
    signal?.throwIfAborted();
    return (await Engine.restore(state, { model })).process(on);
  };
  let probes = 0;
  const found = { candidate: 0, baseline: 0 };
  for (let pass = 0; pass < mostPasses && probes < wantedProbes; pass += 1) {
    const { signals } = candidate.settings;
    const probed = injectProbes({ blocks: held, signals, seed: request.seed + pass, every: rowsPerProbe });
    probes += probed.probes.length;
    for (const [who, model] of [
      ['candidate', candidate],
      ['baseline', baseline],
    ] as const) {
      const { scored } = await run(model, probed.blocks);
      found[who] += countFound(probed.probes, probed.blocks, scored);
    }
  }
  const ofCandidate = summary(candidate, held, await run(candidate, held), {
    probes,
    found: found.candidate,
  });
  const ofBaseline = summary(baseline, held, await run(baseline, held), { probes, found: found.baseline });
  return { candidate: ofCandidate, baseline: ofBaseline, ...decideAcceptance(ofCandidate, ofBaseline) };
}

function summary(
  model: DetectionModel,
  held: readonly TrainingBlock[],
  { scored, anomalies }: EngineResult,
  { probes, found }: { probes: number; found: number },
): VersionEvaluation {
  const quiet = measureQuiet(held, scored);
  const per = (sum: number, count: number) => (count > 0 ? sum / count : 0);
  return {
    version: model.version,
    readings: quiet.readings,
    alarmsPerThousand: 1000 * per(quiet.alarms, quiet.readings),
    anomaliesPerThousand:
      1000 * per(anomalies.filter(({ kind }) => kind === 'opened').length, quiet.readings),
    meanScore: per(quiet.scores, quiet.readings),
    reconstructionError: per(quiet.error, quiet.values),
    probes,
    probesFound: found,
  };
}

/** The first row that is held back. */
function borderRow({ times }: TrainingBlock, heldBackFrom: number): number {
  const row = times.findIndex((time) => time >= heldBackFrom);
  return row < 0 ? times.length : row;
}

function part(block: TrainingBlock, from: number, to: number): TrainingBlock {
  const width = block.signals.length;
  const values = block.values.subarray(from * width, to * width);
  return { ...block, times: block.times.subarray(from, to), values, flags: block.flags?.subarray(from, to) };
}
