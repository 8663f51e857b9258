import { eachField, type FieldReader, fixed64, messageEnd, sfixed64 } from '../protobuf-fields.ts';
import { readAttribute } from './attribute-fields.ts';
import { emptyPoint, type OtlpPoint } from './otlp-metrics.ts';

/** Where a type of data point has its fields. */
export interface PointShape {
  readonly type: 'gauge' | 'sum' | 'histogram' | 'summary';
  readonly attributes: number;
  readonly flags: number;
}

// All points: start_time_unix_nano = 2, time_unix_nano = 3 (fixed64).
// NumberDataPoint { double as_double = 4; sfixed64 as_int = 6; }
// HistogramDataPoint, ExponentialHistogramDataPoint, SummaryDataPoint { fixed64 count = 4; double sum = 5; }
// SummaryDataPoint { repeated ValueAtQuantile quantile_values = 6; } with { double quantile = 1; double value = 2; }

/** By the number of the field of `Metric` that holds the data; both kinds of histogram are read alike. */
export const pointShapes: Readonly<Record<number, PointShape>> = {
  5: { type: 'gauge', attributes: 7, flags: 8 },
  7: { type: 'sum', attributes: 7, flags: 8 },
  9: { type: 'histogram', attributes: 9, flags: 10 },
  10: { type: 'histogram', attributes: 1, flags: 10 },
  11: { type: 'summary', attributes: 7, flags: 8 },
};

type Draft = { -readonly [Name in keyof OtlpPoint]: OtlpPoint[Name] };

/** Reads a data point of a shape. */
export function readPoint(reader: FieldReader, end: number, shape: PointShape): OtlpPoint {
  const attributes: [string, string][] = [];
  const quantiles: { quantile: number; value: number }[] = [];
  const point: Draft = { ...emptyPoint, attributes, quantiles };
  const isNumber = shape.type === 'gauge' || shape.type === 'sum';
  eachField(reader, end, (id, wireType) => {
    if (wireType === 1) return readNumber(reader, point, { id, isNumber });
    if (id === shape.attributes && wireType === 2) readAttribute(reader, messageEnd(reader, end), attributes);
    else if (id === shape.flags && wireType === 0) point.flags = reader.uint32();
    else if (id === 6 && wireType === 2 && shape.type === 'summary')
      quantiles.push(readQuantile(reader, messageEnd(reader, end)));
    else return false;
    return true;
  });
  return point;
}

function readNumber(
  reader: FieldReader,
  point: Draft,
  { id, isNumber }: { id: number; isNumber: boolean },
): boolean {
  if (id === 2) point.startNs = fixed64(reader);
  else if (id === 3) point.timeNs = fixed64(reader);
  else if (id === 4 && isNumber) point.value = reader.double();
  else if (id === 6 && isNumber) point.value = sfixed64(reader);
  else if (id === 4) point.count = fixed64(reader);
  else if (id === 5 && !isNumber) point.sum = reader.double();
  else return false;
  return true;
}

function readQuantile(reader: FieldReader, end: number): { quantile: number; value: number } {
  const at = { quantile: 0, value: 0 };
  eachField(reader, end, (id, wireType) => {
    if (wireType !== 1 || id > 2) return false;
    if (id === 1) at.quantile = reader.double();
    else at.value = reader.double();
    return true;
  });
  return at;
}
