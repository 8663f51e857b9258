import type { IncomingHttpHeaders } from 'node:http';
import { readingLimits } from '@verdict/contracts';
import { defineRawRoute, HttpProblem, type RawAnswer, type Route } from '@verdict/process';
import { z } from 'zod';
import { doorTerms } from '../../readings/door-terms.ts';
import type { InFlightBytes } from '../../readings/in-flight-bytes.ts';
import { decodeBody } from '../decode-body.ts';
import type { DoorMetrics } from '../door-metrics.ts';
import type { SampleIntake, TakenSamples } from '../sample-intake.ts';
import { decodeRequestV1 } from './request-v1.ts';
import { decodeRequestV2 } from './request-v2.ts';
import { SnappyBlocks, uncompressedBytes } from './snappy-block.ts';
import type { WriteRequest } from './write-request.ts';

/** What the door for Prometheus needs. */
export interface RemoteWriteParts {
  readonly samples: SampleIntake;
  readonly inFlight: InFlightBytes;
  readonly metrics: DoorMetrics;
}

const decoders = {
  'prometheus.WriteRequest': decodeRequestV1,
  'io.prometheus.write.v2.Request': decodeRequestV2,
} as const;
type MessageName = keyof typeof decoders;

/** `POST /api/v1/write`: Prometheus remote write, versions 1.0 and 2.0. */
export function remoteWriteRoute({ samples, inFlight, metrics }: RemoteWriteParts): Route {
  const blocks = new SnappyBlocks();
  return defineRawRoute({
    ...doorTerms(inFlight),
    method: 'post',
    path: '/api/v1/write',
    summary: 'Prometheus remote write',
    description:
      'Versions 1.0 and 2.0, compressed with snappy. Labels become series and signals by the configured rules. ' +
      'Answered with 204 only when the hub has all readings; with 400 when some samples were refused (the rest was ' +
      'taken). Repeating a request is harmless.',
    raw: { contentTypes: ['application/x-protobuf'], problem: asText },
    response: z.null(),
    status: 204,
    handler: async ({ body, headers, caller }) => {
      const message = messageName(headers);
      const release = inFlight.take(Math.min(uncompressedBytes(body), readingLimits.bodyBytes));
      try {
        const bytes = blocks.uncompress(body, readingLimits.bodyBytes);
        const request = decodeBody(message, () => decoders[message](bytes));
        const sent = request.samples.length + request.badLabels;
        const outcome = await samples.take('remote_write', request.samples, caller);
        count(metrics, request);
        return answer(message, { request, outcome, sent });
      } finally {
        release();
      }
    },
  });
}

/** Which message the body is, as its headers say. Problems: 415 for one that is not known. */
function messageName(headers: IncomingHttpHeaders): MessageName {
  const encoding = headers['content-encoding']?.trim().toLowerCase();
  if (encoding !== 'snappy')
    throw new HttpProblem(415, { detail: 'The body must be compressed: Content-Encoding: snappy.' });
  const parameter = /;\s*proto\s*=\s*"?([^";\s]*)/i.exec(headers['content-type'] ?? '')?.[1];
  const name = parameter ?? 'prometheus.WriteRequest';
  if (!isKnown(name))
    throw new HttpProblem(415, { detail: `The message ${name.slice(0, 100)} is not taken.` });
  return name;
}

function isKnown(name: string): name is MessageName {
  return Object.hasOwn(decoders, name);
}

function count(metrics: DoorMetrics, { badLabels, exemplars, histograms, metadata }: WriteRequest): void {
  metrics.samples('remote_write', 'bad_labels', badLabels);
  metrics.samples('remote_write', 'exemplar', exemplars);
  metrics.samples('remote_write', 'native_histogram', histograms);
  metrics.samples('remote_write', 'metadata', metadata);
}

/**
 * 204 where all was accepted (what the configuration leaves out counts as accepted), else 400: it is never sent again.
 * Native histograms are an error in version 2.0 alone, which asks for it; in 1.0 they do not exist.
 */
function answer(
  message: MessageName,
  { request, outcome, sent }: { request: WriteRequest; outcome: TakenSamples; sent: number },
): RawAnswer {
  const refused = outcome.ledger.refusedCount + request.badLabels;
  const headers = {
    'X-Prometheus-Remote-Write-Samples-Written': String(sent - refused),
    'X-Prometheus-Remote-Write-Histograms-Written': '0',
    'X-Prometheus-Remote-Write-Exemplars-Written': '0',
  };
  const problems: string[] = [];
  const summary = outcome.ledger.summary();
  if (summary !== null) problems.push(summary);
  if (request.badLabels > 0) problems.push(`${request.badLabels} samples have a label twice`);
  if (request.histograms > 0 && message === 'io.prometheus.write.v2.Request')
    problems.push(`${request.histograms} native histograms: they are not taken`);
  if (problems.length === 0) return { status: 204, headers };
  return { ...asText(new HttpProblem(400, { detail: problems.join('; ') })), headers };
}

/** Senders write the first line of the answer into their log. */
function asText(problem: HttpProblem): RawAnswer {
  return {
    status: problem.status,
    contentType: 'text/plain; charset=utf-8',
    body: `${problem.message.replaceAll('\n', ' ')}\n`,
  };
}
