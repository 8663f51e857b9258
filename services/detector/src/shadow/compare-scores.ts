import { type EngineResult, ReadingFlag } from '@verdict/detection';
import type { ComparedFigures, ShadowScoring } from '@verdict/storage';

/** Differences are kept to this part, so that their sum is exact and the same in whatever order they come. */
const step = 2 ** -20;

const nothing: ComparedFigures = { anomalies: 0, alarms: 0, quieted: 0 };

/** The comparison over no readings. */
export const noComparison: ShadowScoring = {
  readings: 0,
  disagreements: 0,
  scoreDifference: 0,
  served: nothing,
  would: nothing,
};

/** Compares what two engines said of the same blocks. @throws Error when they did not accept the same readings */
export function compareScores(
  served: Pick<EngineResult, 'scored' | 'figures'>,
  would: Pick<EngineResult, 'scored' | 'figures'>,
): ShadowScoring {
  if (served.scored.length !== would.scored.length) throw notTheSame();
  let readings = 0;
  let disagreements = 0;
  let scoreDifference = 0;
  for (const [index, one] of served.scored.entries()) {
    const other = would.scored[index];
    if (other?.series !== one.series || other.times.length !== one.times.length) throw notTheSame();
    readings += one.times.length;
    for (let row = 0; row < one.times.length; row += 1) {
      if (one.times[row] !== other.times[row]) throw notTheSame();
      const flags = (one.flags[row] ?? 0) ^ (other.flags[row] ?? 0);
      if ((flags & ReadingFlag.alarm) !== 0) disagreements += 1;
      const difference = Math.abs((one.score[row] ?? 0) - (other.score[row] ?? 0));
      scoreDifference += Math.round(difference / step) * step;
    }
  }
  const compared = { served: comparedOf(served), would: comparedOf(would) };
  return { readings, disagreements, scoreDifference, ...compared };
}

/** Comparisons of the same two versions over the readings of two calls. */
export function addComparisons(a: ShadowScoring, b: ShadowScoring): ShadowScoring {
  return {
    readings: a.readings + b.readings,
    disagreements: a.disagreements + b.disagreements,
    scoreDifference: a.scoreDifference + b.scoreDifference,
    served: addCompared(a.served, b.served),
    would: addCompared(a.would, b.would),
  };
}

function comparedOf({ figures }: Pick<EngineResult, 'figures'>): ComparedFigures {
  const { anomalies, alarms, quieted } = figures;
  return { anomalies, alarms, quieted };
}

function addCompared(a: ComparedFigures, b: ComparedFigures): ComparedFigures {
  return {
    anomalies: a.anomalies + b.anomalies,
    alarms: a.alarms + b.alarms,
    quieted: a.quieted + b.quieted,
  };
}

function notTheSame(): Error {
  return new Error('it did not take the readings that the version in force took');
}
