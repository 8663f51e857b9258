import { readingLimits } from '@verdict/contracts';
import { HttpProblem } from '@verdict/process';
import { type FieldReader, int64 } from '../protobuf-fields.ts';
import type { Labels, Sample, SampleKind } from '../sample.ts';

/** A request of either version, in the words of both. */
export interface WriteRequest {
  readonly samples: Sample[];
  /** Samples whose labels repeat a name. */
  badLabels: number;
  /** What came along and is not read. */
  exemplars: number;
  histograms: number;
  metadata: number;
}

/** One value as both versions write it. */
export interface RawSample {
  value: number;
  timeMs: number;
  startMs: number | null;
  stale: boolean;
}

/** A request of which nothing was read yet. */
export function emptyRequest(): WriteRequest {
  return { samples: [], badLabels: 0, exemplars: 0, histograms: 0, metadata: 0 };
}

/**
 * Adds the samples of one source. `labels` are names and values in turn; null = a name stood there twice. Problems:
 * 413 for more samples than one request may have.
 */
export function addSeries(
  request: WriteRequest,
  labels: readonly string[],
  samples: readonly RawSample[],
  kind: SampleKind,
): void {
  if (samples.length === 0) return;
  const total = request.samples.length + request.badLabels + samples.length;
  if (total > readingLimits.samplesPerRequest)
    throw new HttpProblem(413, {
      detail: `At most ${readingLimits.samplesPerRequest} samples are taken in one request.`,
    });
  const known = labelMap(labels);
  if (known === null) {
    request.badLabels += samples.length;
    return;
  }
  for (const sample of samples) request.samples.push({ ...sample, labels: known, kind, points: 1 });
}

function labelMap(labels: readonly string[]): Labels | null {
  const known = new Map<string, string>();
  for (let at = 0; at + 1 < labels.length; at += 2) {
    const name = labels[at] ?? '';
    if (known.has(name)) return null;
    known.set(name, labels[at + 1] ?? '');
  }
  return known;
}

/**
 * Reads the field of a sample: value 1 (double), time 2 and start 3 (milliseconds). The stale marker is the one NaN
 * with the bits 0x7ff0000000000002.
 */
export function sampleField(
  reader: FieldReader,
  sample: RawSample,
  { id, wireType }: { id: number; wireType: number },
): boolean {
  if (id === 1 && wireType === 1) {
    const low = reader.fixed32();
    const high = reader.fixed32();
    sample.stale = low === 2 && high === 0x7ff00000;
    words[0] = low;
    words[1] = high;
    sample.value = double[0] ?? Number.NaN;
    return true;
  }
  if (id === 2 && wireType === 0) {
    sample.timeMs = int64(reader);
    return true;
  }
  if (id === 3 && wireType === 0) {
    sample.startMs = int64(reader) || null;
    return true;
  }
  return false;
}

// The low word stands first on every machine that Node runs on.
const words = new Uint32Array(2);
const double = new Float64Array(words.buffer);
