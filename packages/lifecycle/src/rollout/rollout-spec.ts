/** How a candidate comes to serve: the `rollout` section of a pool's spec. */
export interface RolloutSpec {
  /** How long it is scored beside the champion on every partition before it serves any; 0 = not at all. */
  readonly shadowSeconds: number;
  /** Shares of the partitions, ascending, the last one 1; each rounds up, so that the first is at least one. */
  readonly steps: readonly { readonly share: number; readonly pauseSeconds: number }[];
  readonly analysis: AnalysisSpec;
  /** Starts nothing and goes no step further; a candidate that fails is taken back all the same. */
  readonly paused: boolean;
}

/** When a candidate fails. */
export interface AnalysisSpec {
  /** How much of the stream is judged at a time. */
  readonly intervalSeconds: number;
  /** Fewer readings cannot pass: the interval is extended until there are as many. */
  readonly minimumReadings: number;
  /** The candidate is taken back at so many failed analyses of one rollout. */
  readonly failureLimit: number;
  /** Anomalies per 1000 readings that are nominal for any version. */
  readonly nominalPerThousand: number;
  /** So many times the champion's rates are too many. */
  readonly mostTimesChampion: number;
  /** Events that wait while none is scored for so long are a failure: nobody can serve the candidate. */
  readonly progressDeadlineSeconds: number;
}

/** First one partition, then half, then all, five minutes each, after five minutes in shadow. */
export const defaultRolloutSpec: RolloutSpec = {
  shadowSeconds: 300,
  steps: [
    { share: 0.01, pauseSeconds: 300 },
    { share: 0.5, pauseSeconds: 300 },
    { share: 1, pauseSeconds: 300 },
  ],
  analysis: {
    intervalSeconds: 60,
    minimumReadings: 100,
    failureLimit: 1,
    nominalPerThousand: 1,
    mostTimesChampion: 3,
    progressDeadlineSeconds: 600,
  },
  paused: false,
};
