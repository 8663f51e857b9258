import { highestWorth, inProbation, type NabPlaces } from './nab-places.ts';

/** What finds, false alarms and misses weigh. */
export interface NabProfile {
  readonly name: 'standard' | 'reward_low_FP_rate' | 'reward_low_FN_rate';
  readonly found: number;
  readonly falseAlarm: number;
  readonly missed: number;
}

/** The benchmark's three profiles. */
export const nabProfiles: readonly NabProfile[] = [
  { name: 'standard', found: 1, falseAlarm: 0.11, missed: 1 },
  { name: 'reward_low_FP_rate', found: 1, falseAlarm: 0.22, missed: 1 },
  { name: 'reward_low_FN_rate', found: 1, falseAlarm: 0.11, missed: 2 },
];

/** A file with a score per row. */
export interface NabFile {
  readonly places: NabPlaces;
  readonly score: Float64Array;
}

/** Scores of several files at one threshold; a row counts as detected from the threshold on. */
export function nabScore(files: readonly NabFile[], threshold: number, profile: NabProfile): number {
  let raw = 0;
  for (const { places, score } of files) {
    const best = new Float64Array(places.windows).fill(-profile.missed);
    score.forEach((value, row) => {
      if (value < threshold || inProbation(places, row)) return;
      const window = places.window[row] ?? -1;
      const worth = weighted(places, row, profile);
      if (window < 0) raw += worth;
      else best[window] = Math.max(best[window] ?? 0, worth);
    });
    raw += best.reduce((sum, one) => sum + one, 0);
  }
  return normalized(raw, files, profile);
}

/** The threshold with the best score over all files together: chosen with the labels, so no product has it. */
export function bestNabScore(
  files: readonly NabFile[],
  profile: NabProfile,
): { readonly threshold: number; readonly score: number } {
  const rows = files.flatMap(({ places, score }, file) =>
    [...score.keys()]
      .filter((row) => !inProbation(places, row))
      .map((row) => ({ file, row, value: score[row] ?? 0 })),
  );
  rows.sort((a, b) => b.value - a.value);
  const best = files.map(({ places }) => new Float64Array(places.windows).fill(-profile.missed));
  let raw = -profile.missed * windowsOf(files);
  // Nothing is detected at a threshold above every score.
  let top = { threshold: Number.POSITIVE_INFINITY, raw };
  rows.forEach(({ file, row, value }, index) => {
    const places = files[file]?.places;
    const found = best[file];
    if (places === undefined || found === undefined) return;
    const window = places.window[row] ?? -1;
    const worth = weighted(places, row, profile);
    if (window < 0) raw += worth;
    else if (worth > (found[window] ?? 0)) {
      raw += worth - (found[window] ?? 0);
      found[window] = worth;
    }
    if (rows[index + 1]?.value !== value && raw > top.raw) top = { threshold: value, raw };
  });
  return { threshold: top.threshold, score: normalized(top.raw, files, profile) };
}

export function windowsOf(files: readonly NabFile[]): number {
  return files.reduce((sum, { places }) => sum + places.windows, 0);
}

function weighted(places: NabPlaces, row: number, profile: NabProfile): number {
  const worth = places.worth[row] ?? 0;
  return (places.window[row] ?? -1) < 0 ? worth * profile.falseAlarm : (worth * profile.found) / highestWorth;
}

/** 0 = nothing detected, 100 = every window at its first row and nothing else. `NaN` without windows. */
function normalized(raw: number, files: readonly NabFile[], { found, missed }: NabProfile): number {
  const windows = windowsOf(files);
  return (100 * (raw + missed * windows)) / ((found + missed) * windows);
}
