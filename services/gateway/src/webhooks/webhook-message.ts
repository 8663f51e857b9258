import type { Anomaly, WebhookMessage } from '@verdict/contracts';

/** Makes the address of an anomaly in the dashboard; null where nobody said where that is. */
export type LinkTo = (anomalyId: string | null) => string | null;

/** Links below the address under which people reach the dashboard. */
export function dashboardLinks(publicUrl: string | undefined): LinkTo {
  return (anomalyId) => {
    if (publicUrl === undefined) return null;
    const url = new URL('/ui/inbox', publicUrl);
    if (anomalyId !== null) url.searchParams.set('anomaly', anomalyId);
    return url.href;
  };
}

/** The message that tells a change of an anomaly; `atMs` is when the change was announced. */
export function anomalyMessage(
  anomaly: Anomaly,
  change: { kind: 'opened' | 'closed'; atMs: number },
  linkTo: LinkTo,
): WebhookMessage {
  const { verdicts: _, patterns: __, ...told } = anomaly;
  return {
    type: `anomaly.${change.kind}`,
    timestamp: new Date(change.atMs).toISOString(),
    data: { anomaly: told, url: linkTo(anomaly.id) },
  };
}

/** A message that tells nothing but that messages arrive. */
export function testMessage(nowMs: number, linkTo: LinkTo): WebhookMessage {
  return {
    type: 'webhook.test',
    timestamp: new Date(nowMs).toISOString(),
    data: { anomaly: null, url: linkTo(null) },
  };
}
