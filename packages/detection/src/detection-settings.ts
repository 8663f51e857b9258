/** What a model looks at; fixed for one model version. */
export interface DetectionSettings {
  /**
   * `each`: every signal of every series is a unit, scored by itself, and the series' score is the highest
   * of its signals. A list: the named signals of a series together are one unit; others are passed through.
   */
  readonly signals: 'each' | readonly string[];
  /** Readings per window, 4 to 128; fewer for many signals together, so that a net gets 256 numbers at most. */
  readonly window: number;
  /** Readings of a unit before it is scored at all; until then its score is 0 and flagged as warming. */
  readonly warmupReadings: number;
  /**
   * What becomes of the unusual that comes again and again: `habit`: after some times it counts as usual. `alarm`: each
   * time is an alarm, until people say that it is none.
   */
  readonly recurring: 'habit' | 'alarm';
}

const shortestWindow = 4;
const mostNumbers = 256;

/** Signals of a unit, and units of a series; any further ones are passed through unscored. */
export const mostSignals = 100;

/** When scores become anomalies: the first one above 0.5 outside a rest opens one. Everything is counted in readings, gaps in typical intervals of a series. */
export interface AnomalyPolicy {
  /** Quiet readings in a row (score at most 0.5) that close an anomaly; shorter pauses are merged. */
  readonly closeAfterQuietReadings: number;
  /** Readings after closing during which only a clearly higher peak than the last one opens a new anomaly. */
  readonly restReadings: number;
  /** A pause longer than this many typical intervals is a gap: it closes an open anomaly. */
  readonly gapIntervals: number;
  /** No `updated` is sent from this revision on; `closed` always is. */
  readonly maxRevisions: number;
}

export const defaultSettings: DetectionSettings = {
  signals: 'each',
  window: 32,
  warmupReadings: 32,
  recurring: 'habit',
};

const always = { gapIntervals: 16, maxRevisions: 20 };
const policies: Record<DetectionSettings['recurring'], AnomalyPolicy> = {
  habit: { closeAfterQuietReadings: 16, restReadings: 96, ...always },
  alarm: { closeAfterQuietReadings: 8, restReadings: 16, ...always },
};

/** The policy of a model, where none is given. */
export function policyOf({ recurring }: Pick<DetectionSettings, 'recurring'>): AnomalyPolicy {
  return policies[recurring];
}

export const defaultPolicy = policies[defaultSettings.recurring];

/** Fills in the defaults. @throws RangeError with one sentence for settings that cannot work. */
export function detectionSettings(given: Partial<DetectionSettings> = {}): DetectionSettings {
  const settings = { ...defaultSettings, ...given };
  const { signals, window, warmupReadings } = settings;
  if (!Number.isInteger(window) || window < 4 || window > 128) {
    throw new RangeError(`window must be a whole number from 4 to 128, not ${window}`);
  }
  if (!Number.isInteger(warmupReadings) || warmupReadings < 16 || warmupReadings > 10_000) {
    throw new RangeError(`warmupReadings must be a whole number from 16 to 10000, not ${warmupReadings}`);
  }
  if (signals !== 'each' && (signals.length < 1 || signals.length > mostSignals)) {
    throw new RangeError(`a model looks at 1 to ${mostSignals} signals, not ${signals.length}`);
  }
  if (signals !== 'each' && new Set(signals).size !== signals.length) {
    throw new RangeError('the list of signals names one of them twice');
  }
  return { ...settings, window: Math.min(window, mostReadings(settings)) };
}

/** Readings that a net can look at. */
function mostReadings(settings: DetectionSettings): number {
  return Math.max(shortestWindow, Math.floor(mostNumbers / unitWidth(settings)));
}

/** Signals in one unit. */
export function unitWidth(settings: DetectionSettings): number {
  return settings.signals === 'each' ? 1 : settings.signals.length;
}

/** Numbers that a net for these settings takes per window. */
export function inputWidth(settings: DetectionSettings): number {
  return settings.window * unitWidth(settings);
}
