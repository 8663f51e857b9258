import { readingLimits } from '@verdict/contracts';
import { HttpProblem } from '@verdict/process';
import { eachField, type FieldReader, messageEnd, readMessage } from '../protobuf-fields.ts';
import { readAttribute } from './attribute-fields.ts';
import type { OtlpAttributes, OtlpMetric, OtlpPoint, OtlpResource, OtlpScope } from './otlp-metrics.ts';
import { type PointShape, pointShapes, readPoint } from './point-fields.ts';

// ExportMetricsServiceRequest { repeated ResourceMetrics resource_metrics = 1; }
// ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scope_metrics = 2; }
// Resource { repeated KeyValue attributes = 1; }
// ScopeMetrics { InstrumentationScope scope = 1; repeated Metric metrics = 2; }
// InstrumentationScope { string name = 1; }
// Metric { string name = 1; oneof data { Gauge gauge = 5; Sum sum = 7; Histogram histogram = 9;
//          ExponentialHistogram exponential_histogram = 10; Summary summary = 11; } }
// Gauge, Sum, Histogram, ExponentialHistogram, Summary { repeated … data_points = 1; }, of which
// Sum { AggregationTemporality aggregation_temporality = 2; bool is_monotonic = 3; } and both histograms { 2, too }
// See https://github.com/open-telemetry/opentelemetry-proto.

/** Data points that may still be read. */
interface Room {
  left: number;
}

/** Reads an `ExportMetricsServiceRequest`. Throws `BrokenMessage`; problems: 413 for too many data points. */
export function decodeOtlp(bytes: Uint8Array): OtlpResource[] {
  const resources: OtlpResource[] = [];
  const room: Room = { left: readingLimits.samplesPerRequest };
  readMessage(bytes, (reader, end) =>
    eachFirstField(reader, end, () => {
      resources.push(readResource(reader, messageEnd(reader, end), room));
    }),
  );
  return resources;
}

/** Goes through a message of which only field 1 matters, a text or a message; `read` reads its value. */
function eachFirstField(reader: FieldReader, end: number, read: () => void): void {
  eachField(reader, end, (id, wireType) => {
    if (id !== 1 || wireType !== 2) return false;
    read();
    return true;
  });
}

function readResource(reader: FieldReader, end: number, room: Room): OtlpResource {
  const attributes: [string, string][] = [];
  const scopes: OtlpScope[] = [];
  eachField(reader, end, (id, wireType) => {
    if (wireType !== 2) return false;
    if (id === 1) {
      const last = messageEnd(reader, end);
      eachFirstField(reader, last, () => readAttribute(reader, messageEnd(reader, last), attributes));
    } else if (id === 2) scopes.push(readScope(reader, messageEnd(reader, end), room));
    else return false;
    return true;
  });
  return { attributes: attributes satisfies OtlpAttributes, scopes };
}

function readScope(reader: FieldReader, end: number, room: Room): OtlpScope {
  const metrics: OtlpMetric[] = [];
  let name = '';
  eachField(reader, end, (id, wireType) => {
    if (wireType !== 2) return false;
    if (id === 1) {
      eachFirstField(reader, messageEnd(reader, end), () => {
        name = reader.string();
      });
    } else if (id === 2) {
      const metric = readMetric(reader, messageEnd(reader, end), room);
      if (metric !== null) metrics.push(metric);
    } else return false;
    return true;
  });
  return { name, metrics };
}

/** null when the metric has no data of a type that is known. */
function readMetric(reader: FieldReader, end: number, room: Room): OtlpMetric | null {
  let name = '';
  let data: Omit<Data, 'shape'> | null = null;
  let type: PointShape['type'] | null = null;
  eachField(reader, end, (id, wireType) => {
    if (wireType !== 2) return false;
    const shape = pointShapes[id];
    if (id === 1) name = reader.string();
    else if (shape !== undefined) {
      data = readData(reader, messageEnd(reader, end), { shape, room });
      type = shape.type;
    } else return false;
    return true;
  });
  return type === null || data === null ? null : metricOf(name, type, data);
}

interface Data {
  readonly points: OtlpPoint[];
  temporality: number;
  isMonotonic: boolean;
}

function metricOf(name: string, type: PointShape['type'], data: Data): OtlpMetric {
  const { points, temporality, isMonotonic } = data;
  if (type === 'sum') return { name, points, type, temporality, isMonotonic };
  return type === 'histogram' ? { name, points, type, temporality } : { name, points, type };
}

function readData(
  reader: FieldReader,
  end: number,
  { shape, room }: { shape: PointShape; room: Room },
): Data {
  const data: Data = { points: [], temporality: 0, isMonotonic: false };
  eachField(reader, end, (id, wireType) => {
    if (id === 1 && wireType === 2) {
      if (room.left <= 0) throw tooManyPoints();
      room.left -= 1;
      data.points.push(readPoint(reader, messageEnd(reader, end), shape));
    } else if (id === 2 && wireType === 0) data.temporality = reader.uint32();
    else if (id === 3 && wireType === 0) data.isMonotonic = reader.bool();
    else return false;
    return true;
  });
  return data;
}

/** The answer to more data points than one request may have. */
export function tooManyPoints(): HttpProblem {
  return new HttpProblem(413, {
    detail: `At most ${readingLimits.samplesPerRequest} data points are taken in one request.`,
  });
}
