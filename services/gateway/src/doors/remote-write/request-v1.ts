import { eachField, type FieldReader, messageEnd, readMessage } from '../protobuf-fields.ts';
import { addSeries, emptyRequest, type RawSample, sampleField, type WriteRequest } from './write-request.ts';

// message WriteRequest { repeated TimeSeries timeseries = 1; repeated MetricMetadata metadata = 3; }
// message TimeSeries { repeated Label labels = 1; repeated Sample samples = 2; repeated Exemplar exemplars = 3;
//                      repeated Histogram histograms = 4; }
// message Label { string name = 1; string value = 2; }
// message Sample { double value = 1; int64 timestamp = 2; }
// See https://prometheus.io/docs/specs/prw/remote_write_spec/.

/** Reads a `prometheus.WriteRequest` (version 1.0). Throws `BrokenMessage`, or a 413 problem. */
export function decodeRequestV1(bytes: Uint8Array): WriteRequest {
  const request = emptyRequest();
  readMessage(bytes, (reader, end) =>
    eachField(reader, end, (id, wireType) => {
      if (wireType !== 2) return false;
      if (id === 1) {
        readSeries(reader, messageEnd(reader, end), request);
        return true;
      }
      if (id === 3) request.metadata += 1;
      return false;
    }),
  );
  return request;
}

function readSeries(reader: FieldReader, end: number, request: WriteRequest): void {
  const labels: string[] = [];
  const samples: RawSample[] = [];
  eachField(reader, end, (id, wireType) => {
    if (wireType !== 2) return false;
    if (id === 1) readLabel(reader, messageEnd(reader, end), labels);
    else if (id === 2) samples.push(readSample(reader, messageEnd(reader, end)));
    else {
      if (id === 3) request.exemplars += 1;
      if (id === 4) request.histograms += 1;
      return false;
    }
    return true;
  });
  addSeries(request, labels, samples, null);
}

function readLabel(reader: FieldReader, end: number, labels: string[]): void {
  let name = '';
  let value = '';
  eachField(reader, end, (id, wireType) => {
    if (wireType !== 2 || id > 2) return false;
    if (id === 1) name = reader.string();
    else value = reader.string();
    return true;
  });
  labels.push(name, value);
}

function readSample(reader: FieldReader, end: number): RawSample {
  const sample: RawSample = { value: 0, timeMs: 0, startMs: null, stale: false };
  eachField(reader, end, (id, wireType) => sampleField(reader, sample, { id, wireType }));
  return sample;
}
