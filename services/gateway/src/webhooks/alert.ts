import type { Anomaly } from '@verdict/contracts';
import type { LinkTo } from './webhook-message.ts';

/** An alert as `POST /api/v2/alerts` of an Alertmanager takes it. */
export interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL?: string;
}

/** What alerts are made of, beside an anomaly. */
export interface AlertContext {
  /** Further labels, as somebody configured them. */
  readonly labels: Readonly<Record<string, string>>;
  readonly nowMs: number;
  /** An open anomaly is told again before this has passed; its alert ends by itself when nobody does. */
  readonly firesForMs: number;
  readonly linkTo: LinkTo;
}

/**
 * The alert of an anomaly as it is now. Its labels never change, for they say which alert it is. Alertmanager takes an
 * end in the future for an alert that fires, so the end of a closed one is never later than now; a start in the future
 * (clocks of producers differ) would be refused with such an end.
 */
export function alertOf(anomaly: Anomaly, context: AlertContext): Alert {
  const { namespace, model, pool, series, id, state, peak } = anomaly;
  const { nowMs } = context;
  const startsMs = Math.min(Date.parse(anomaly.start), nowMs);
  const endsMs =
    state === 'open'
      ? nowMs + context.firesForMs
      : Math.max(startsMs, Math.min(Date.parse(anomaly.end), nowMs));
  const signals = anomaly.signals.map(({ signal }) => signal);
  return {
    labels: { ...context.labels, alertname: 'VerdictAnomaly', namespace, model, pool, series, anomaly: id },
    annotations: {
      summary: `${series} is unlike normal`,
      description: `${series}: ${signals.length === 0 ? 'it' : signals.slice(0, 5).join(', ')} unlike what the model ${model} knows, score ${peak.score.toFixed(2)} at ${peak.time} (an alarm from 0.5 on).`,
    },
    startsAt: new Date(startsMs).toISOString(),
    endsAt: new Date(endsMs).toISOString(),
    ...generator(context.linkTo(id)),
  };
}

/** An alert that is over in a minute: it shows that alerts arrive, and how they are routed. */
export function testAlert(name: string, { labels, nowMs, linkTo }: AlertContext): Alert {
  return {
    labels: { ...labels, alertname: 'VerdictTest', webhook: name },
    annotations: { summary: `A test of the webhook ${name}: nothing is wrong` },
    startsAt: new Date(nowMs).toISOString(),
    endsAt: new Date(nowMs + 60_000).toISOString(),
    ...generator(linkTo(null)),
  };
}

function generator(url: string | null): { generatorURL?: string } {
  return url === null ? {} : { generatorURL: url };
}
