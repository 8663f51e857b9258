import { type ReadingInput, readingLimits } from '@verdict/contracts';

/** Room for `{"readings":[` and `]}`. */
const envelopeBytes = 32;

/**
 * Packs readings into request bodies (JSON text) that the front door takes: each within the limits of count and
 * bytes, in the order given. A number that JSON cannot write (NaN, infinity) becomes null, which means missing.
 */
export function* readingBodies(
  readings: readonly ReadingInput[],
  limits: Record<'readingsPerRequest' | 'bodyBytes', number> = readingLimits,
): Generator<string> {
  let parts: string[] = [];
  let bytes = envelopeBytes;
  for (const reading of readings) {
    const text = JSON.stringify(reading);
    const size = Buffer.byteLength(text) + 1;
    if (parts.length > 0 && (parts.length >= limits.readingsPerRequest || bytes + size > limits.bodyBytes)) {
      yield bodyOf(parts);
      parts = [];
      bytes = envelopeBytes;
    }
    parts.push(text);
    bytes += size;
  }
  if (parts.length > 0) yield bodyOf(parts);
}

function bodyOf(parts: readonly string[]): string {
  return `{"readings":[${parts.join(',')}]}`;
}
