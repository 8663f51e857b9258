import { readingLimits } from '@verdict/contracts';
import { assertShallow, defineRawRoute, HttpProblem, type Route } from '@verdict/process';
import { z } from 'zod';
import { doorTerms } from '../../readings/door-terms.ts';
import type { InFlightBytes } from '../../readings/in-flight-bytes.ts';
import { decodeBody } from '../decode-body.ts';
import type { DoorMetrics } from '../door-metrics.ts';
import type { SampleIntake } from '../sample-intake.ts';
import { fromOtlpJson, OtlpJson } from './decode-json.ts';
import { decodeOtlp } from './decode-protobuf.ts';
import { inflateBody } from './inflate-body.ts';
import { encodingOf, exported, failed, type OtlpEncoding } from './otlp-answers.ts';
import type { OtlpResource } from './otlp-metrics.ts';
import { samplesOfPoints } from './samples-of-points.ts';

/** What the door for OpenTelemetry needs. */
export interface OtlpParts {
  readonly samples: SampleIntake;
  readonly inFlight: InFlightBytes;
  readonly metrics: DoorMetrics;
}

/** `POST /v1/metrics`: OTLP over HTTP, protobuf or JSON. */
export function otlpRoute({ samples, inFlight, metrics }: OtlpParts): Route {
  return defineRawRoute({
    ...doorTerms(inFlight),
    method: 'post',
    path: '/v1/metrics',
    summary: 'OpenTelemetry metrics (OTLP/HTTP)',
    description:
      'Protobuf or JSON, also compressed with gzip. Attributes become series and signals by the configured rules. ' +
      'Answered with 200 only when the hub has all readings; data points that were refused are named as a partial ' +
      'success. Repeating a request is harmless.',
    raw: {
      contentTypes: ['application/x-protobuf', 'application/json'],
      problem: (problem, headers) => failed(encodingOf(headers['content-type']), problem),
    },
    response: z.object({
      partialSuccess: z.object({ rejectedDataPoints: z.string(), errorMessage: z.string() }).optional(),
    }),
    handler: async ({ body, headers, caller }) => {
      const encoding = encodingOf(headers['content-type']);
      // Nobody knows how large a compressed body is until it is uncompressed.
      const isCompressed = headers['content-encoding'] !== undefined;
      const release = isCompressed ? inFlight.take(readingLimits.bodyBytes) : () => undefined;
      try {
        const bytes = await inflateBody(body, headers['content-encoding'], readingLimits.bodyBytes);
        const { samples: found, refused } = samplesOfPoints(decode(encoding, bytes));
        const { ledger } = await samples.take('otlp', found, caller);
        for (const one of refused) {
          ledger.refuse(one, one.points);
          metrics.samples('otlp', one.reason, one.points);
        }
        return exported(encoding, ledger.refusedCount, ledger.summary());
      } finally {
        release();
      }
    },
  });
}

function decode(encoding: OtlpEncoding, bytes: Uint8Array): OtlpResource[] {
  if (encoding === 'json') return decodeText(Buffer.from(bytes).toString('utf8'));
  return decodeBody('ExportMetricsServiceRequest', () => decodeOtlp(bytes));
}

function decodeText(text: string): OtlpResource[] {
  assertShallow(text);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    throw new HttpProblem(400, { detail: `The body is not JSON: ${reason.slice(0, 200)}` });
  }
  const request = OtlpJson.safeParse(json);
  if (request.success) return fromOtlpJson(request.data);
  const { path = [], message = '' } = request.error.issues[0] ?? {};
  throw new HttpProblem(400, { detail: `${path.join('.') || 'The request'}: ${message}` });
}
