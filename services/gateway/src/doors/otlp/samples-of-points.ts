import type { RefusedSamples } from '../left-out-ledger.ts';
import { type Labels, labelName, type Sample, type SampleKind } from '../sample.ts';
import { millisecondsOfNanoseconds } from './milliseconds.ts';
import type { OtlpMetric, OtlpPoint, OtlpResource } from './otlp-metrics.ts';

const delta = 1;
const cumulative = 2;
/** DATA_POINT_FLAGS_NO_RECORDED_VALUE_MASK */
const noValue = 1;

/** The samples of a request, and the points that cannot be any. */
export interface PointSamples {
  readonly samples: Sample[];
  readonly refused: (RefusedSamples & { readonly points: number })[];
}

/**
 * Brings data points into the words of all doors. Resource attributes, the scope's name (`otel_scope_name`) and the
 * point's attributes are its labels; of two with one name the point's own counts. A histogram or summary gives its
 * count and its sum, two counters; each quantile of a summary is a gauge.
 */
export function samplesOfPoints(resources: readonly OtlpResource[]): PointSamples {
  const found: PointSamples = { samples: [], refused: [] };
  for (const { attributes, scopes } of resources) {
    const ofResource = new Map<string, string>();
    addLabels(ofResource, attributes);
    for (const { name, metrics } of scopes) {
      const ofScope = name === '' ? ofResource : new Map([...ofResource, ['otel_scope_name', name]]);
      for (const metric of metrics) addMetric(found, metric, ofScope);
    }
  }
  return found;
}

function addMetric(found: PointSamples, metric: OtlpMetric, shared: Labels): void {
  const kind = kindOf(metric);
  if (kind === 'unsupported') {
    found.refused.push({
      reason: 'unsupported',
      series: null,
      message: `${metric.name.slice(0, 100)} does not say whether it is cumulative or delta`,
      points: metric.points.length,
    });
    return;
  }
  for (const point of metric.points) {
    const labels = new Map(shared);
    addLabels(labels, point.attributes);
    if (metric.type === 'gauge' || metric.type === 'sum')
      found.samples.push(sample(point, { labels, name: metric.name, value: point.value, kind }));
    else addCountAndSum(found, point, { labels, name: metric.name, kind });
  }
}

/** A histogram without its temporality, or a counter, says nothing; a sum that may shrink is as good as a gauge. */
function kindOf(metric: OtlpMetric): SampleKind | 'unsupported' {
  if (metric.type === 'gauge') return 'gauge';
  if (metric.type === 'summary') return 'counter';
  if (metric.type === 'sum' && !metric.isMonotonic) return 'gauge';
  if (metric.temporality === delta) return 'increase';
  return metric.temporality === cumulative ? 'counter' : 'unsupported';
}

function addCountAndSum(
  found: PointSamples,
  point: OtlpPoint,
  { labels, name, kind }: { labels: Labels; name: string; kind: SampleKind },
): void {
  found.samples.push(sample(point, { labels, name: `${name}_count`, value: point.count, kind }));
  const further = (of: Parameters<typeof sample>[1]): void => {
    found.samples.push({ ...sample(point, of), points: 0 });
  };
  if (point.sum !== null) further({ labels, name: `${name}_sum`, value: point.sum, kind });
  for (const { quantile, value } of point.quantiles)
    further({ labels: new Map([...labels, ['quantile', String(quantile)]]), name, value, kind: 'gauge' });
}

function sample(
  { timeNs, startNs, flags }: OtlpPoint,
  { labels, name, value, kind }: { labels: Labels; name: string; value: number; kind: SampleKind },
): Sample {
  return {
    labels: new Map([...labels, ['__name__', name]]),
    timeMs: millisecondsOfNanoseconds(timeNs),
    startMs: startNs > 0 ? millisecondsOfNanoseconds(startNs) : null,
    value,
    kind,
    stale: (flags & noValue) !== 0,
    points: 1,
  };
}

function addLabels(labels: Map<string, string>, attributes: OtlpPoint['attributes']): void {
  for (const [name, value] of attributes) labels.set(labelName(name), value);
}
