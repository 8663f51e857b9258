import type { Tracing } from '@verdict/process';
import type { WebhookTarget } from '@verdict/storage';
import type { Outcome } from './send-policy.ts';

/**
 * One attempt to send to a receiver as a span of its own: which host, the how many-th time, and what came of it. Path and
 * query are left out, for they may hold a key; nothing of the message is said.
 */
export function inAttemptSpan(
  tracing: Tracing,
  { target, url, attempt }: { target: WebhookTarget; url: URL; attempt: number },
  act: () => Promise<Outcome>,
): Promise<Outcome> {
  if (!tracing.on) return act();
  const attributes = {
    'http.request.method': 'POST',
    'server.address': url.hostname,
    'server.port': Number(url.port || (url.protocol === 'https:' ? 443 : 80)),
    'verdict.webhook': target.name,
    'verdict.webhook.kind': target.kind,
    'verdict.attempt': attempt,
  };
  // What leads to it waits in the database, perhaps for hours: it is a trace of its own.
  return tracing.span('send webhook', { kind: 'client', parent: null, attributes }, async (span) => {
    const outcome = await act();
    span.set({ 'verdict.outcome': outcome.kind, ...answerOf(outcome) });
    return outcome;
  });
}

function answerOf(outcome: Outcome): Readonly<Record<string, string | number>> {
  if (outcome.kind === 'delivered') return { 'http.response.status_code': outcome.status };
  if (outcome.kind !== 'failed') return {};
  const { status } = outcome;
  return status === null
    ? { 'error.type': 'no answer' }
    : { 'http.response.status_code': status, 'error.type': String(status) };
}
