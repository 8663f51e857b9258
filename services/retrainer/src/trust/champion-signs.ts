import type { Sign } from '@verdict/contracts';
import {
  AlarmRateSign,
  CalibrationSign,
  DriftSign,
  InputDriftSign,
  type ReferenceBins,
} from '@verdict/lifecycle';
import { SignsState } from './signs-state.ts';
import { growthSince, type VersionTotals } from './version-totals.ts';

/** The version that is watched. */
export interface WatchedVersion {
  readonly version: number;
  /** Distribution of inputs when it learnt; null when nobody knows, as of the built-in version. */
  readonly inputs: ReferenceBins | null;
  /** Anomalies per 1000 readings that are nominal. */
  readonly nominalPerThousand: number;
}

const pValueBins = 64;
/** Fewer residuals have no mean to speak of: they wait for more. */
const residualsPerMean = 50;

/**
 * The four signs of the champion, fed from what its figures grew by. They begin anew with another version, when its
 * figures do not go on from those counted before, and when what was kept cannot be read.
 *
 * Figures carry no event time: drift takes the wall clock of the look for it, so the six hours that a change is
 * remembered are hours of looking.
 */
export class ChampionSigns {
  readonly #watched: WatchedVersion;
  #totals: VersionTotals | null = null;
  #calibration: CalibrationSign | null = null;
  #inputs: InputDriftSign | null = null;
  #alarmRate: AlarmRateSign;
  #drift = new DriftSign();
  #residuals = { sum: 0, count: 0 };

  /** `kept` is what `snapshot` gave, of this or another version, or anything else. */
  constructor(watched: WatchedVersion, kept?: unknown) {
    this.#watched = watched;
    this.#alarmRate = new AlarmRateSign(watched.nominalPerThousand);
    const state = SignsState.safeParse(kept).data;
    this.#begin(state?.version === watched.version ? state : null);
  }

  #begin(state: SignsState | null): void {
    const { inputs, nominalPerThousand } = this.#watched;
    this.#totals = state?.totals ?? null;
    this.#calibration = inputs && new CalibrationSign(state?.calibration ?? undefined);
    this.#inputs = inputs && new InputDriftSign(inputs, state?.inputs ?? undefined);
    this.#alarmRate = new AlarmRateSign(nominalPerThousand, state?.alarmRate);
    this.#drift = new DriftSign(state?.drift);
    this.#residuals = state?.residuals ?? { sum: 0, count: 0 };
  }

  /** Counts what came since the last look; false when nothing did. What was before the first look is not counted. */
  look(totals: VersionTotals, nowMs: number): boolean {
    const growth = this.#totals && growthSince(this.#totals, totals);
    if (this.#totals && !growth) this.#begin(null);
    this.#totals = totals;
    if (!growth || (growth.readings === 0 && growth.logResiduals.count === 0)) return false;
    this.#alarmRate.add(growth.readings, growth.anomalies);
    // Figures of a version that learnt otherwise than it says fit no bins: nothing can be said then.
    if (growth.pValues.length === pValueBins) this.#calibration?.addCounts(growth.pValues);
    if (growth.inputs.length === (this.#watched.inputs?.borders.length ?? -1) + 1)
      this.#inputs?.addCounts(growth.inputs);
    if (this.#watched.inputs) this.#addResiduals(growth.logResiduals, nowMs);
    return true;
  }

  #addResiduals(grown: { sum: number; count: number }, nowMs: number): void {
    const { sum, count } = {
      sum: this.#residuals.sum + grown.sum,
      count: this.#residuals.count + grown.count,
    };
    const enough = count >= residualsPerMean;
    if (enough) this.#drift.add(sum / count, nowMs);
    this.#residuals = enough ? { sum: 0, count: 0 } : { sum, count };
  }

  signs(nowMs: number): Sign[] {
    const unknown = `version ${this.#watched.version} does not know how its input and errors were distributed`;
    const calibration = this.#calibration?.sign() ?? { ...new CalibrationSign().sign(), text: unknown };
    const inputs = this.#inputs?.sign() ?? {
      ...new InputDriftSign({ borders: [], counts: [0] }).sign(),
      text: unknown,
    };
    const drift = this.#drift.sign(nowMs);
    return [
      calibration,
      this.#alarmRate.sign(),
      this.#watched.inputs ? drift : { ...drift, text: unknown },
      inputs,
    ];
  }

  snapshot(): SignsState {
    return {
      version: this.#watched.version,
      totals: this.#totals,
      calibration: this.#calibration?.snapshot() ?? null,
      inputs: this.#inputs?.snapshot() ?? null,
      alarmRate: this.#alarmRate.snapshot(),
      drift: this.#drift.snapshot(),
      residuals: this.#residuals,
    };
  }
}
