import { readingLimits } from '@verdict/contracts';
import { z } from 'zod';
import { tooManyPoints } from './decode-protobuf.ts';
import {
  emptyPoint,
  type OtlpAttributes,
  type OtlpMetric,
  type OtlpPoint,
  type OtlpResource,
} from './otlp-metrics.ts';

// The JSON of protobuf as OTLP has it: lowerCamelCase names, unknown ones are passed over, 64-bit numbers as text or
// numbers, enums as numbers. See https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding.

const WholeNumber = z
  .union([z.number(), z.string().regex(/^-?\d{1,20}$/, 'a whole number')])
  .transform(Number);
const Double = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]).transform(Number);
const Enum = z.int().min(0).max(1000);

const AnyValue = z.object({
  stringValue: z.string().nullish(),
  boolValue: z.boolean().nullish(),
  intValue: WholeNumber.nullish(),
  doubleValue: Double.nullish(),
});
const Attributes = z
  .array(z.object({ key: z.string().default(''), value: AnyValue.nullish() }))
  .nullish()
  .transform(
    (given): OtlpAttributes =>
      (given ?? []).flatMap(({ key, value }) => {
        const text = value?.stringValue ?? value?.boolValue ?? value?.intValue ?? value?.doubleValue;
        return text === undefined || text === null ? [] : [[key, String(text)] as const];
      }),
  );

const anyPoint = {
  attributes: Attributes,
  startTimeUnixNano: WholeNumber.nullish(),
  timeUnixNano: WholeNumber.nullish(),
  flags: WholeNumber.nullish(),
};
const NumberPoint = z.object({ ...anyPoint, asDouble: Double.nullish(), asInt: WholeNumber.nullish() });
const CountPoint = z.object({
  ...anyPoint,
  count: WholeNumber.nullish(),
  sum: Double.nullish(),
  quantileValues: z.array(z.object({ quantile: Double.nullish(), value: Double.nullish() })).nullish(),
});

const numberData = { dataPoints: z.array(NumberPoint).nullish() };
const countData = { dataPoints: z.array(CountPoint).nullish() };
const temporality = { aggregationTemporality: Enum.nullish() };
const Metric = z.object({
  name: z.string().default(''),
  gauge: z.object(numberData).nullish(),
  sum: z.object({ ...numberData, ...temporality, isMonotonic: z.boolean().nullish() }).nullish(),
  histogram: z.object({ ...countData, ...temporality }).nullish(),
  exponentialHistogram: z.object({ ...countData, ...temporality }).nullish(),
  summary: z.object(countData).nullish(),
});

const ScopeMetrics = z.object({
  scope: z.object({ name: z.string().nullish() }).nullish(),
  metrics: z.array(Metric).nullish(),
});
const ResourceMetrics = z.object({
  resource: z.object({ attributes: Attributes }).nullish(),
  scopeMetrics: z.array(ScopeMetrics).nullish(),
});

/** An `ExportMetricsServiceRequest` in JSON, as far as it is read. */
export const OtlpJson = z.object({ resourceMetrics: z.array(ResourceMetrics).nullish() });

/** Brings a request into the form that both encodings share. Problems: 413 for too many data points. */
export function fromOtlpJson(request: z.output<typeof OtlpJson>): OtlpResource[] {
  const resources = (request.resourceMetrics ?? []).map(({ resource, scopeMetrics }) => ({
    attributes: resource?.attributes ?? [],
    scopes: (scopeMetrics ?? []).map(({ scope, metrics }) => ({
      name: scope?.name ?? '',
      metrics: (metrics ?? []).flatMap(metricOf),
    })),
  }));
  let points = 0;
  for (const { scopes } of resources)
    for (const { metrics } of scopes) for (const metric of metrics) points += metric.points.length;
  if (points > readingLimits.samplesPerRequest) throw tooManyPoints();
  return resources;
}

function metricOf(metric: z.output<typeof Metric>): OtlpMetric[] {
  const { name, gauge, sum, summary } = metric;
  const histogram = metric.histogram ?? metric.exponentialHistogram;
  if (gauge) return [{ name, type: 'gauge', points: (gauge.dataPoints ?? []).map(numberPoint) }];
  if (sum) {
    const isMonotonic = sum.isMonotonic ?? false;
    const points = (sum.dataPoints ?? []).map(numberPoint);
    return [{ name, type: 'sum', temporality: sum.aggregationTemporality ?? 0, isMonotonic, points }];
  }
  if (histogram) {
    const points = (histogram.dataPoints ?? []).map(countPoint);
    return [{ name, type: 'histogram', temporality: histogram.aggregationTemporality ?? 0, points }];
  }
  return summary ? [{ name, type: 'summary', points: (summary.dataPoints ?? []).map(countPoint) }] : [];
}

function numberPoint(point: z.output<typeof NumberPoint>): OtlpPoint {
  return { ...common(point), value: point.asDouble ?? point.asInt ?? Number.NaN };
}

function countPoint(point: z.output<typeof CountPoint>): OtlpPoint {
  const quantiles = (point.quantileValues ?? []).map(({ quantile, value }) => ({
    quantile: quantile ?? 0,
    value: value ?? 0,
  }));
  return { ...common(point), count: point.count ?? 0, sum: point.sum ?? null, quantiles };
}

function common(point: z.output<typeof NumberPoint> | z.output<typeof CountPoint>): OtlpPoint {
  return {
    ...emptyPoint,
    attributes: point.attributes,
    startNs: point.startTimeUnixNano ?? 0,
    timeNs: point.timeUnixNano ?? 0,
    flags: point.flags ?? 0,
  };
}
