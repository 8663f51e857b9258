/** Verdict beside Verdict, on the same readings. */
export const armNames = ['loop', 'control', 'liar'] as const;
/** `loop` = as people use it; `control` = never trained again; `liar` = one judge says the opposite every time. */
export type ArmName = (typeof armNames)[number];

/** How large a proof is. Steps are readings of every series. */
export interface ProofSize {
  readonly series: number;
  /** Steps that version 1 is learnt from. */
  readonly learnSteps: number;
  /** Steps during which version 1 is rolled out and settles. */
  readonly settleSteps: number;
  /** Steps with the learnt version before what is normal changes. */
  readonly normalSteps: number;
  /** Steps after the change within which a new version must serve. */
  readonly mostFloodSteps: number;
  /** Steps after the new version serves everywhere. */
  readonly afterSteps: number;
  /** Milliseconds of real time per step, since trainings and rollouts go by the wall clock. */
  readonly paceMs: number;
  readonly arms: readonly ArmName[];
  /** Wait in each step of a rollout, and what is judged at a time, in seconds. */
  readonly pauseSeconds: number;
  readonly intervalSeconds: number;
  /** Shares of the partitions that a rollout goes through. */
  readonly shares: readonly number[];
  /** Standard errors by which what was counted may miss its bound: a few steps of one seed are a small sample. */
  readonly standardErrors: number;
}

/** What `npm run proof:loop` does for each seed. */
export const fullSize: ProofSize = {
  series: 60,
  learnSteps: 480,
  settleSteps: 160,
  normalSteps: 200,
  mostFloodSteps: 900,
  afterSteps: 400,
  paceMs: 220,
  arms: armNames,
  pauseSeconds: 5,
  intervalSeconds: 5,
  shares: [0.01, 0.5, 1],
  standardErrors: 0,
};

/** The form among the tests: less of everything, and no liar. */
export const shortSize: ProofSize = {
  ...fullSize,
  learnSteps: 300,
  settleSteps: 80,
  normalSteps: 60,
  afterSteps: 300,
  paceMs: 120,
  arms: ['loop', 'control'],
  pauseSeconds: 1,
  intervalSeconds: 3,
  shares: [0.5, 1],
  standardErrors: 2,
};

export const fullSeeds = [1, 2, 3] as const;
