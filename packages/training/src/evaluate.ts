import type { DetectionModel } from '@verdict/detection';
import { judgedSpan, stateBefore } from './judged-span.ts';
import { EventPlaces, type KnownEvent } from './known-event.ts';
import { QuietReadings } from './measure-version.ts';
import { type ShownSeries, seriesToShow, shownSeries } from './shown-series.ts';
import type { TrainingBlock } from './training-block.ts';
import { type ProbeCounts, tryProbes } from './try-probes.ts';
import { tryVersion, type VersionTrial } from './version-trial.ts';

export interface EvaluationRequest {
  /** Whole history; its newest part, at most 1.5 million readings, is judged. */
  readonly blocks: readonly TrainingBlock[];
  /** Event time from which on the candidate was not trained, epoch ms: `TrainingResult.heldBackFrom`. */
  readonly heldBackFrom: number;
  readonly candidate: DetectionModel;
  readonly champion: DetectionModel;
  /** What people said, wherever it lies in the history. */
  readonly events: readonly KnownEvent[];
  /** Decides where the probes go. */
  readonly seed: number;
  readonly signal?: AbortSignal;
  /** @param done 0 … 1 */
  readonly onProgress?: (done: number) => void;
  /** Readings that are judged at most; default 1.5 million. */
  readonly mostReadings?: number;
}

/** How one version does on quiet readings that were held back, false alarms included. */
export interface VersionEvaluation {
  readonly version: number;
  readonly readings: number;
  /** Alarming readings per 1000 of them. */
  readonly alarmsPerThousand: number;
  /** Anomalies opened per 1000 of them. */
  readonly anomaliesPerThousand: number;
  readonly meanScore: number;
  /** Mean of |value − expected| over each signal's 5 to 95 % span. */
  readonly reconstructionError: number;
  /** Unflagged readings per bin of p-values; empty for a version without a reference. */
  readonly pValues: readonly number[];
  readonly probes: number;
  readonly probesFound: number;
  /** Further probes that do not count: they look like what people called false alarms. */
  readonly probesQuieted: number;
}

/** An event with who alarms within it or its margin. */
export interface JudgedEvent extends KnownEvent {
  readonly candidateAlarms: boolean;
  readonly championAlarms: boolean;
}

/** What a decision about a candidate rests on: both versions over the same readings, none of them with a memory. */
export interface EvaluationEvidence {
  readonly candidate: VersionEvaluation;
  readonly champion: VersionEvaluation;
  /** Events in the history that was judged, those that the candidate learnt included; by series and start. */
  readonly events: readonly JudgedEvent[];
  /** A few series side by side, the ones with the most events first. */
  readonly shown: readonly ShownSeries[];
}

/** Runs candidate and champion over the same history, as a service would, and says what each of them did. */
export async function evaluate(request: EvaluationRequest): Promise<EvaluationEvidence> {
  const { blocks, heldBackFrom, candidate, champion, seed, onProgress = () => {} } = request;
  const signal = request.signal ? { signal: request.signal } : {};
  const early = request.events.some(({ fromMs }) => fromMs < heldBackFrom);
  const span = judgedSpan(blocks, heldBackFrom, early, request.mostReadings);
  const places = new EventPlaces(blocks);
  const events = request.events
    .filter((event) => event.fromMs >= span.fromMs && places.of(event) !== null)
    .toSorted((a, b) => (a.series === b.series ? a.fromMs - b.fromMs : a.series < b.series ? -1 : 1));
  const show = seriesToShow(span.heldBack, events);
  const quietReadings = new QuietReadings(span.heldBack);
  const states = new Map<string, Uint8Array>();
  const trials: VersionTrial[] = [];
  for (const model of [candidate, champion]) {
    const key = JSON.stringify(model.settings);
    const state = states.get(key) ?? (await stateBefore(span.before, model.settings, request.signal));
    states.set(key, state);
    onProgress(0.1 + 0.4 * trials.length);
    trials.push(await tryVersion({ model, state, span, quietReadings, show, ...signal }));
  }
  const [ofCandidate, ofChampion] = trials;
  if (!ofCandidate || !ofChampion) throw new Error('both versions were tried');
  onProgress(0.9);
  const probes = await tryProbes({
    heldBack: span.heldBack,
    candidate: ofCandidate,
    champion: ofChampion,
    seed,
    ...signal,
  });
  const borderMs = Math.max(heldBackFrom, span.fromMs);
  const summary = (trial: VersionTrial, found: number) =>
    summaryOf(trial, { opened: openedInQuiet(trial, quietReadings, borderMs), found, probes });
  const alarms = ({ anomalies }: VersionTrial, event: KnownEvent) => {
    const place = places.of(event);
    return place !== null && anomalies.within(event.series, ...place).length > 0;
  };
  return {
    candidate: summary(ofCandidate, probes.candidateFound),
    champion: summary(ofChampion, probes.championFound),
    events: events.map((event) => ({
      ...event,
      candidateAlarms: alarms(ofCandidate, event),
      championAlarms: alarms(ofChampion, event),
    })),
    shown: shownSeries(show, ofCandidate, ofChampion),
  };
}

function openedInQuiet({ anomalies }: VersionTrial, quiet: QuietReadings, borderMs: number): number {
  return anomalies
    .all()
    .filter(
      ({ series, startTime, endTime }) => startTime >= borderMs && quiet.isQuiet(series, startTime, endTime),
    ).length;
}

function summaryOf(
  { model, quiet, pValues }: VersionTrial,
  { opened, found, probes }: { opened: number; found: number; probes: ProbeCounts },
): VersionEvaluation {
  const per = (sum: number, count: number) => (count > 0 ? sum / count : 0);
  return {
    version: model.version,
    readings: quiet.readings,
    alarmsPerThousand: 1000 * per(quiet.alarms, quiet.readings),
    anomaliesPerThousand: 1000 * per(opened, quiet.readings),
    meanScore: per(quiet.scores, quiet.readings),
    reconstructionError: per(quiet.error, quiet.values),
    pValues,
    probes: probes.probes,
    probesFound: found,
    probesQuieted: probes.quieted,
  };
}
