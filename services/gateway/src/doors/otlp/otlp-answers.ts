import type { HttpProblem, RawAnswer } from '@verdict/process';
import protobuf from 'protobufjs/minimal.js';

/** In which encoding a request came, and is answered. */
export type OtlpEncoding = 'protobuf' | 'json';

const contentTypes = { protobuf: 'application/x-protobuf', json: 'application/json' } as const;

/** The encoding that a content type names; protobuf where it names none that is known. */
export function encodingOf(contentType: string | undefined): OtlpEncoding {
  return /^\s*application\/json\b/i.test(contentType ?? '') ? 'json' : 'protobuf';
}

/** `ExportMetricsServiceResponse`: with a partial success when something was refused. */
export function exported(encoding: OtlpEncoding, rejected: number, message: string | null): RawAnswer {
  if (encoding === 'json') {
    const partialSuccess = { rejectedDataPoints: String(rejected), errorMessage: message };
    return answer(encoding, 200, JSON.stringify(message === null ? {} : { partialSuccess }));
  }
  const writer = protobuf.Writer.create();
  if (message !== null)
    writer
      .uint32((1 << 3) | 2)
      .fork()
      .uint32(1 << 3)
      .int64(rejected)
      .uint32((2 << 3) | 2)
      .string(message)
      .ldelim();
  return answer(encoding, 200, writer.finish());
}

/** Codes of google.rpc for HTTP statuses; senders go by the HTTP status alone. */
const codes: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  413: 3,
  415: 3,
  429: 8,
  500: 13,
  503: 14,
};

/** A problem as `google.rpc.Status`, which OTLP wants with every status that is not 200. */
export function failed(encoding: OtlpEncoding, { status, message }: HttpProblem): RawAnswer {
  const code = codes[status] ?? 2;
  if (encoding === 'json') return answer(encoding, status, JSON.stringify({ code, message }));
  const writer = protobuf.Writer.create();
  writer
    .uint32(1 << 3)
    .int32(code)
    .uint32((2 << 3) | 2)
    .string(message);
  return answer(encoding, status, writer.finish());
}

function answer(encoding: OtlpEncoding, status: number, body: Uint8Array | string): RawAnswer {
  return { status, contentType: contentTypes[encoding], body };
}
