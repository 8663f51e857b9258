/** The part of an OTLP metrics request that is read, whatever it was encoded as. */
export interface OtlpResource {
  readonly attributes: OtlpAttributes;
  readonly scopes: readonly OtlpScope[];
}

export interface OtlpScope {
  readonly name: string;
  readonly metrics: readonly OtlpMetric[];
}

/** Names and values as text, in turn: arrays, maps and bytes are not read. */
export type OtlpAttributes = readonly (readonly [name: string, value: string])[];

/** AggregationTemporality: 0 = not said, 1 = delta, 2 = cumulative. */
export type Temporality = number;

/** A metric and its points; of histograms of both kinds only count and sum are read. */
export type OtlpMetric = Named &
  (
    | { readonly type: 'gauge' }
    | { readonly type: 'summary' }
    | { readonly type: 'sum'; readonly temporality: Temporality; readonly isMonotonic: boolean }
    | { readonly type: 'histogram'; readonly temporality: Temporality }
  );

interface Named {
  readonly name: string;
  readonly points: readonly OtlpPoint[];
}

/** One data point of any type of metric. */
export interface OtlpPoint {
  readonly attributes: OtlpAttributes;
  /** Nanoseconds since 1970, 0 = not known. */
  readonly startNs: number;
  readonly timeNs: number;
  /** Bit 0: the source has no value any more. */
  readonly flags: number;
  /** Of a gauge or sum; NaN = none. */
  readonly value: number;
  /** Of a histogram or summary. */
  readonly count: number;
  /** Of a histogram or summary; null = none. */
  readonly sum: number | null;
  readonly quantiles: readonly { readonly quantile: number; readonly value: number }[];
}

/** A point of which nothing is known yet. */
export const emptyPoint = {
  attributes: [],
  startNs: 0,
  timeNs: 0,
  flags: 0,
  value: Number.NaN,
  count: 0,
  sum: null,
  quantiles: [],
} as const satisfies OtlpPoint;
