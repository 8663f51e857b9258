import type { Anomaly } from '@verdict/contracts';
import type { Tracing } from '@verdict/process';
import type { ClaimedDelivery, WebhookTarget } from '@verdict/storage';
import { type AddressGuard, AddressRefused } from './address-guard.ts';
import { type Alert, type AlertContext, alertOf, testAlert } from './alert.ts';
import { inAttemptSpan } from './attempt-span.ts';
import { PostFailed, postMessage } from './post-message.ts';
import type { Outcome, SendPolicy } from './send-policy.ts';
import { anomalyMessage, type LinkTo, testMessage } from './webhook-message.ts';
import { signedHeaders } from './webhook-secret.ts';

/** Sends to receivers of either kind; never throws, for whatever happens is an outcome. */
export interface MessageSender {
  /** One change of an anomaly. */
  tell(target: WebhookTarget, delivery: ClaimedDelivery, signal: AbortSignal): Promise<Outcome>;
  /** Open anomalies, once more, to an Alertmanager. */
  tellOpen(target: WebhookTarget, anomalies: readonly Anomaly[], signal: AbortSignal): Promise<Outcome>;
  test(target: WebhookTarget, signal: AbortSignal): Promise<Outcome>;
}

/** What sending needs. */
export interface MessageSenderParts {
  readonly guard: AddressGuard;
  readonly linkTo: LinkTo;
  readonly nowMs: () => number;
  readonly policy: SendPolicy;
  readonly random: () => number;
  readonly tracing: Tracing;
}

/** What is posted, and for the how many-th time. */
interface Message {
  readonly url: URL;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly attempt: number;
}

/** An alert outlives so many rounds of being told again. */
const roundsOfAnAlert = 4;

export function messageSender(parts: MessageSenderParts): MessageSender {
  const { guard, linkTo, nowMs, policy, random, tracing } = parts;

  const post = (target: WebhookTarget, message: Message, signal: AbortSignal): Promise<Outcome> =>
    inAttemptSpan(tracing, { target, ...message }, () => send(target, message, signal));
  const send = async (target: WebhookTarget, message: Message, signal: AbortSignal): Promise<Outcome> => {
    const { authorization } = target;
    const headers = { ...message.headers, ...(authorization === null ? {} : { authorization }) };
    try {
      const { url, body } = message;
      const options = { guard, signal, timeoutMs: policy.timeoutMs };
      const { status, retryAfterSeconds } = await postMessage(url, { headers, body }, options);
      if (status >= 200 && status < 300) return { kind: 'delivered', status };
      return { kind: 'failed', status, message: sentenceOf(status), retryAfterSeconds };
    } catch (error) {
      if (signal.aborted) return { kind: 'broken off' };
      if (!(error instanceof PostFailed || error instanceof AddressRefused)) throw error;
      return { kind: 'failed', status: null, message: error.message, retryAfterSeconds: null };
    }
  };
  const postSigned = (
    target: WebhookTarget,
    { id, message, attempt }: { id: string; message: object; attempt: number },
    signal: AbortSignal,
  ) => {
    const body = JSON.stringify(message);
    const headers = signedHeaders({ id, body }, target.secrets, nowMs());
    return post(target, { url: new URL(target.url), headers, body, attempt }, signal);
  };
  const postAlerts = (
    target: WebhookTarget,
    { alerts, attempt }: { alerts: readonly Alert[]; attempt: number },
    signal: AbortSignal,
  ) =>
    post(target, { url: alertsUrl(target.url), headers: {}, body: JSON.stringify(alerts), attempt }, signal);
  const alertContext = ({ labels }: WebhookTarget): AlertContext => ({
    labels,
    linkTo,
    nowMs: nowMs(),
    firesForMs: roundsOfAnAlert * policy.refreshMs,
  });

  return {
    async tell(target, { anomaly, anomalyId, kind, createdAtMs, attempts: attempt }, signal) {
      if (anomaly === null) return { kind: 'hopeless', message: 'the anomaly is gone' };
      if (target.kind === 'alertmanager')
        return postAlerts(target, { alerts: [alertOf(anomaly, alertContext(target))], attempt }, signal);
      const message = anomalyMessage(anomaly, { kind, atMs: createdAtMs }, linkTo);
      return postSigned(target, { id: `anomaly_${anomalyId}_${kind}`, message, attempt }, signal);
    },
    tellOpen(target, anomalies, signal) {
      const context = alertContext(target);
      const alerts = anomalies.map((anomaly) => alertOf(anomaly, context));
      return postAlerts(target, { alerts, attempt: 1 }, signal);
    },
    test(target, signal) {
      if (target.kind === 'alertmanager')
        return postAlerts(
          target,
          { alerts: [testAlert(target.name, alertContext(target))], attempt: 1 },
          signal,
        );
      const id = `test_${Math.floor(random() * 2 ** 48).toString(16)}`;
      return postSigned(target, { id, message: testMessage(nowMs(), linkTo), attempt: 1 }, signal);
    },
  };
}

/** An Alertmanager may be served below a path (`--web.route-prefix`). */
function alertsUrl(text: string): URL {
  const url = new URL(text);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/api/v2/alerts`;
  return url;
}

function sentenceOf(status: number): string {
  if (status >= 300 && status < 400) return `it answered ${status}: redirects are not followed`;
  return status === 410 ? 'it answered 410: it wants no more messages' : `it answered ${status}`;
}
