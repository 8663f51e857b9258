import {
  BrokenMessage,
  eachField,
  type FieldReader,
  int64,
  messageEnd,
  readMessage,
} from '../protobuf-fields.ts';
import type { SampleKind } from '../sample.ts';
import { addSeries, emptyRequest, type RawSample, sampleField, type WriteRequest } from './write-request.ts';

// message Request { repeated string symbols = 4; repeated TimeSeries timeseries = 5; }
// message TimeSeries { repeated uint32 labels_refs = 1; repeated Sample samples = 2; repeated Histogram histograms = 3;
//                      repeated Exemplar exemplars = 4; Metadata metadata = 5; int64 created_timestamp = 6; }
// message Sample { double value = 1; int64 timestamp = 2; int64 start_timestamp = 3; }
// message Metadata { MetricType type = 1; uint32 help_ref = 3; uint32 unit_ref = 4; }
// See https://prometheus.io/docs/specs/prw/remote_write_spec_2_0/.

/** Types that say for certain what a value means; of a histogram or summary the metric's name does. */
const kinds: Readonly<Record<number, SampleKind>> = {
  1: 'counter',
  2: 'gauge',
  4: 'gauge',
  6: 'gauge',
  7: 'gauge',
};

/** Reads an `io.prometheus.write.v2.Request`. Throws `BrokenMessage`, or a 413 problem. */
export function decodeRequestV2(bytes: Uint8Array): WriteRequest {
  const request = emptyRequest();
  const symbols: string[] = [];
  // A message may have its fields in any order, and series need all symbols.
  readMessage(bytes, (reader, end) =>
    eachField(reader, end, (id, wireType) => {
      if (id !== 4 || wireType !== 2) return false;
      symbols.push(reader.string());
      return true;
    }),
  );
  readMessage(bytes, (reader, end) =>
    eachField(reader, end, (id, wireType) => {
      if (id !== 5 || wireType !== 2) return false;
      readSeries(reader, messageEnd(reader, end), { request, symbols });
      return true;
    }),
  );
  return request;
}

function readSeries(
  reader: FieldReader,
  end: number,
  { request, symbols }: { request: WriteRequest; symbols: readonly string[] },
): void {
  const labels: string[] = [];
  const samples: RawSample[] = [];
  let kind: SampleKind = null;
  let createdMs: number | null = null;
  const addLabel = (): void => {
    const symbol = symbols[reader.uint32()];
    if (symbol === undefined) throw new BrokenMessage('a label points beyond the symbols');
    labels.push(symbol);
  };
  eachField(reader, end, (id, wireType) => {
    if (id === 1 && wireType === 0) addLabel();
    else if (id === 6 && wireType === 0) createdMs = int64(reader) || null;
    else if (wireType !== 2) return false;
    else if (id === 1) {
      const last = messageEnd(reader, end);
      while (reader.pos < last) addLabel();
      if (reader.pos > last) throw new BrokenMessage('a list of labels breaks off');
    } else if (id === 2) samples.push(readSample(reader, messageEnd(reader, end)));
    else if (id === 5) {
      kind = readKind(reader, messageEnd(reader, end));
      request.metadata += 1;
    } else {
      if (id === 3) request.histograms += 1;
      if (id === 4) request.exemplars += 1;
      return false;
    }
    return true;
  });
  if (labels.length % 2 !== 0) throw new BrokenMessage('a label without a value');
  for (const sample of samples) sample.startMs ??= createdMs;
  addSeries(request, labels, samples, kind);
}

function readKind(reader: FieldReader, end: number): SampleKind {
  let kind: SampleKind = null;
  eachField(reader, end, (id, wireType) => {
    if (id !== 1 || wireType !== 0) return false;
    kind = kinds[reader.uint32()] ?? null;
    return true;
  });
  return kind;
}

function readSample(reader: FieldReader, end: number): RawSample {
  const sample: RawSample = { value: 0, timeMs: 0, startMs: null, stale: false };
  eachField(reader, end, (id, wireType) => sampleField(reader, sample, { id, wireType }));
  return sample;
}
