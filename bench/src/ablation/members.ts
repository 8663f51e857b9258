/** Which units a member has a say in. */
export type MemberUnits = 'one signal' | 'several signals' | 'all';

/** A member of the fusion, by the one expression in the engine that gives its evidence. */
export interface Member {
  /** For the command line. */
  readonly key: string;
  readonly name: string;
  readonly units: MemberUnits;
  /** File below the sources of `@verdict/detection`. */
  readonly module: string;
  /** As it stands there, once, line breaks and indents read as one space. */
  readonly evidence: string;
}

const solo = { units: 'one signal', module: 'unit/solo-members.ts' } as const;
const several = { units: 'several signals', module: 'unit/wide-members.ts' } as const;

/** All members. One that is added, moved or written otherwise belongs into this table: a test says so. */
export const members: readonly Member[] = [
  {
    ...solo,
    key: 'high',
    name: 'higher than ever',
    evidence: 'rareEvidence(memory, at + high, value, centre, least)',
  },
  {
    ...solo,
    key: 'low',
    name: 'lower than ever',
    evidence: 'rareEvidence(memory, at + low, -value, -centre, least)',
  },
  {
    ...solo,
    key: 'step',
    name: 'larger step than ever',
    evidence: 'rareEvidence(memory, at + step, stepTo(memory, at, value, timeMs), 0, least)',
  },
  {
    ...solo,
    key: 'short-means',
    name: 'shape of means of 8',
    evidence: 'takeBlockValue(memory, at + short, scaled, shortBlock)',
  },
  {
    ...solo,
    key: 'long-means',
    name: 'shape of means of 32',
    evidence: 'takeBlockValue(memory, at + long, scaled, longBlock)',
  },
  {
    ...solo,
    key: 'hour',
    name: 'mean of the hour',
    evidence: 'takeSeasonalValue(memory, at + season, timeMs, scaled)',
  },
  {
    units: 'one signal',
    module: 'unit/judge-reading.ts',
    key: 'standstill',
    name: 'standstill',
    evidence: 'flatLineEvidence(memory, signal + flatLinePart, value)',
  },
  {
    ...several,
    key: 'distance',
    name: 'distance from what is usual together, rarer than ever',
    evidence: 'rareEvidence(memory, at + this.#rareDistance, distance, 0, 0)',
  },
  {
    ...several,
    key: 'farthest',
    name: 'farthest signal',
    evidence:
      'rareEvidence(memory, at + this.#rareFarthest, (readings.farthest[reading] ?? 0) / doubt, 0, 0)',
  },
  {
    ...several,
    key: 'usual',
    name: 'distance against 3.3 times the usual one',
    evidence: 'overUsual(memory, at + this.#usual, distance)',
  },
  {
    ...several,
    module: 'unit/lasting-distance.ts',
    key: 'average',
    name: 'running average of the distance',
    evidence: 'averageGain * (before + averaging * (distance - before))',
  },
  {
    ...several,
    key: 'joint-steps',
    name: 'steps by their covariance',
    evidence: 'Math.log(joint + smallest)',
  },
  {
    ...several,
    key: 'steps-apart',
    name: 'steps by their variances',
    evidence: 'Math.log(apart + smallest)',
  },
  {
    ...several,
    key: 'joint-levels',
    name: 'levels by their covariance',
    evidence: 'Math.log(level + smallest)',
  },
  {
    units: 'all',
    module: 'unit/unit-members.ts',
    key: 'forecast',
    name: 'error of the autoencoder’s expectation',
    evidence: 'rareEvidence(memory, at + forecastPart, error, 0, 0)',
  },
  {
    units: 'all',
    module: 'unit/judge-reading.ts',
    key: 'early-bands',
    name: 'bands and range in the first readings',
    evidence: 'Math.max(error, rangeEvidence(memory, scale, value, deviation))',
  },
];
