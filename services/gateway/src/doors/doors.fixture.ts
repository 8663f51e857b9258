import { gzipSync } from 'node:zlib';
import { snappyCompress } from 'hysnappy';
import protobuf from 'protobufjs';

// Senders in tests write with the schemas as their specifications print them, not with what reads them here.

const remoteWrite = protobuf
  .parse(
    `syntax = "proto3";
  package prometheus;
  message WriteRequest { repeated TimeSeries timeseries = 1; repeated MetricMetadata metadata = 3; }
  message MetricMetadata { int32 type = 1; string metric_family_name = 2; string help = 4; string unit = 5; }
  message TimeSeries {
    repeated Label labels = 1; repeated Sample samples = 2;
    repeated Exemplar exemplars = 3; repeated Histogram histograms = 4;
  }
  message Label { string name = 1; string value = 2; }
  message Sample { double value = 1; int64 timestamp = 2; }
  message Exemplar { repeated Label labels = 1; double value = 2; int64 timestamp = 3; }
  message Histogram { uint64 count_int = 1; double sum = 3; int64 timestamp = 15; }`,
    { keepCase: true },
  )
  .root.lookupType('prometheus.WriteRequest');

const remoteWrite2 = protobuf
  .parse(
    `syntax = "proto3";
  package io.prometheus.write.v2;
  message Request { reserved 1 to 3; repeated string symbols = 4; repeated TimeSeries timeseries = 5; }
  message TimeSeries {
    repeated uint32 labels_refs = 1; repeated Sample samples = 2; repeated Histogram histograms = 3;
    repeated Exemplar exemplars = 4; Metadata metadata = 5; int64 created_timestamp = 6;
  }
  message Exemplar { repeated uint32 labels_refs = 1; double value = 2; int64 timestamp = 3; }
  message Sample { double value = 1; int64 timestamp = 2; }
  message Metadata { int32 type = 1; uint32 help_ref = 3; uint32 unit_ref = 4; }
  message Histogram { uint64 count_int = 1; double sum = 3; int64 timestamp = 15; }`,
    { keepCase: true },
  )
  .root.lookupType('io.prometheus.write.v2.Request');

const otlp = protobuf.parse(
  `syntax = "proto3";
  package otlp;
  message ExportMetricsServiceRequest { repeated ResourceMetrics resourceMetrics = 1; }
  message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scopeMetrics = 2; string schemaUrl = 3; }
  message Resource { repeated KeyValue attributes = 1; uint32 droppedAttributesCount = 2; }
  message ScopeMetrics { Scope scope = 1; repeated Metric metrics = 2; string schemaUrl = 3; }
  message Scope { string name = 1; string version = 2; }
  message Metric {
    string name = 1; string description = 2; string unit = 3;
    oneof data {
      Gauge gauge = 5; Sum sum = 7; Histogram histogram = 9;
      ExponentialHistogram exponentialHistogram = 10; Summary summary = 11;
    }
  }
  message Gauge { repeated NumberDataPoint dataPoints = 1; }
  message Sum { repeated NumberDataPoint dataPoints = 1; int32 aggregationTemporality = 2; bool isMonotonic = 3; }
  message Histogram { repeated HistogramDataPoint dataPoints = 1; int32 aggregationTemporality = 2; }
  message ExponentialHistogram { repeated ExponentialPoint dataPoints = 1; int32 aggregationTemporality = 2; }
  message Summary { repeated SummaryDataPoint dataPoints = 1; }
  message NumberDataPoint {
    fixed64 startTimeUnixNano = 2; fixed64 timeUnixNano = 3;
    oneof value { double asDouble = 4; sfixed64 asInt = 6; }
    repeated KeyValue attributes = 7; uint32 flags = 8;
  }
  message HistogramDataPoint {
    fixed64 startTimeUnixNano = 2; fixed64 timeUnixNano = 3; fixed64 count = 4; optional double sum = 5;
    repeated fixed64 bucketCounts = 6; repeated double explicitBounds = 7;
    repeated KeyValue attributes = 9; uint32 flags = 10;
  }
  message ExponentialPoint {
    repeated KeyValue attributes = 1; fixed64 startTimeUnixNano = 2; fixed64 timeUnixNano = 3;
    fixed64 count = 4; optional double sum = 5; sint32 scale = 6; fixed64 zeroCount = 7; uint32 flags = 10;
  }
  message SummaryDataPoint {
    fixed64 startTimeUnixNano = 2; fixed64 timeUnixNano = 3; fixed64 count = 4; double sum = 5;
    repeated Quantile quantileValues = 6; repeated KeyValue attributes = 7; uint32 flags = 8;
  }
  message Quantile { double quantile = 1; double value = 2; }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message AnyValue {
    oneof value {
      string stringValue = 1; bool boolValue = 2; int64 intValue = 3; double doubleValue = 4; ArrayValue arrayValue = 5;
    }
  }
  message ArrayValue { repeated AnyValue values = 1; }
  message Response { Partial partialSuccess = 1; }
  message Partial { int64 rejectedDataPoints = 1; string errorMessage = 2; }
  message Status { int32 code = 1; string message = 2; }`,
  { keepCase: true },
).root;

export const otlpRequest = otlp.lookupType('otlp.ExportMetricsServiceRequest');

/** A source of samples as tests write it. */
export interface WrittenSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly (readonly [timeMs: number, value: number])[];
  /** Version 2 only: 1 counter, 2 gauge, 3 histogram. */
  readonly type?: number;
  readonly histograms?: number;
  readonly exemplars?: number;
}

function copies<T>(count: number | undefined, one: T): T[] {
  return new Array<T>(count ?? 0).fill(one);
}

const valued = (samples: WrittenSeries['samples']): object[] =>
  samples.map(([timestamp, value]) => ({ timestamp, value }));

/** A request of version 1.0, not compressed. */
export function writeRequest(series: readonly WrittenSeries[], metadata = 0): Uint8Array {
  return remoteWrite
    .encode({
      timeseries: series.map(({ labels, samples, histograms, exemplars }) => ({
        labels: Object.entries(labels).map(([name, value]) => ({ name, value })),
        samples: valued(samples),
        exemplars: copies(exemplars, { value: 1, timestamp: 1, labels: [{ name: 'trace_id', value: 'x' }] }),
        histograms: copies(histograms, { count_int: 1, sum: 1, timestamp: 1 }),
      })),
      metadata: copies(metadata, { type: 1, metric_family_name: 'x', help: 'y' }),
    })
    .finish();
}

/** A request of version 2.0, not compressed. */
export function writeRequest2(series: readonly WrittenSeries[]): Uint8Array {
  const symbols = ['', ...new Set(series.flatMap(({ labels }) => Object.entries(labels).flat()))];
  return remoteWrite2
    .encode({
      symbols,
      timeseries: series.map(({ labels, samples, type, histograms, exemplars }) => ({
        labels_refs: Object.entries(labels)
          .flat()
          .map((text) => symbols.indexOf(text)),
        samples: valued(samples),
        histograms: copies(histograms, { count_int: 1, sum: 1, timestamp: 1 }),
        exemplars: copies(exemplars, { value: 1, timestamp: 1, labels_refs: [1, 2] }),
        ...(type === undefined ? {} : { metadata: { type } }),
      })),
    })
    .finish();
}

/** Headers and body of a remote write as Prometheus sends it. */
export function remoteWriteBody(message: Uint8Array, version: 1 | 2 = 1) {
  const proto = version === 2 ? ';proto=io.prometheus.write.v2.Request' : '';
  return {
    body: snappyCompress(message) as Uint8Array<ArrayBuffer>,
    headers: {
      'content-type': `application/x-protobuf${proto}`,
      'content-encoding': 'snappy',
      'x-prometheus-remote-write-version': version === 2 ? '2.0.0' : '0.1.0',
    },
  };
}

/** An OTLP request in protobuf. */
export function otlpBytes(request: object): Uint8Array {
  return otlpRequest.encode(otlpRequest.fromObject(request)).finish();
}

/** Headers and body of an OTLP request. */
export function otlpBody(
  request: object,
  form: 'json' | 'protobuf' | 'gzip',
): { body: Uint8Array<ArrayBuffer>; headers: Record<string, string> } {
  const bytes = form === 'json' ? Buffer.from(JSON.stringify(request)) : otlpBytes(request);
  return {
    body: (form === 'gzip' ? gzipSync(bytes) : bytes) as Uint8Array<ArrayBuffer>,
    headers: {
      'content-type': form === 'json' ? 'application/json' : 'application/x-protobuf',
      ...(form === 'gzip' ? { 'content-encoding': 'gzip' } : {}),
    },
  };
}

/** Reads an answer of the OTLP door. */
export function readAnswer(type: 'Response' | 'Status', bytes: Uint8Array): Record<string, unknown> {
  const message = otlp.lookupType(`otlp.${type}`);
  return message.toObject(message.decode(bytes), { longs: Number });
}
