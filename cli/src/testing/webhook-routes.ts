import {
  type Delivery,
  RedeliveryRequest,
  WebhookRequest,
  WebhookRotation,
  type WebhookTested,
  type WebhookView,
} from '@verdict/contracts';
import { type Answer, accept, problem } from './answer.ts';

/** What a recording gateway knows of ways out. */
export interface WebhookRecord {
  webhooks: (WebhookView & { authorizationValue?: string | undefined })[];
  /** Of every webhook. */
  deliveries: Delivery[];
  /** What the next tests say. */
  tested: WebhookTested;
  redelivered: RedeliveryRequest[];
}

export function webhookRecord(): WebhookRecord {
  return {
    webhooks: [],
    deliveries: [],
    tested: { delivered: true, status: 204, message: 'it answered 204', tookMs: 7 },
    redelivered: [],
  };
}

/** Answers what concerns webhooks; null for any other route. */
export function answerWebhooks(record: WebhookRecord, route: string, body: unknown): Answer | null {
  const [method, path = ''] = route.split(' ');
  const [, place, name, rest] = path.split('/');
  if (place !== 'webhooks') return null;
  const { webhooks } = record;
  if (name === undefined)
    return method === 'GET'
      ? { status: 200, body: { items: webhooks } }
      : accept(WebhookRequest, body, (given) => make(record, given));
  if (!webhooks.some((one) => one.name === name)) return problem(404, `There is no webhook ${name}.`);
  switch (`${method} ${rest ?? ''}`) {
    case 'DELETE ':
      record.webhooks = webhooks.filter((one) => one.name !== name);
      return { status: 200, body: { name } };
    case 'POST tests':
      return { status: 200, body: record.tested };
    case 'POST rotations':
      return accept(WebhookRotation, body, ({ overlapHours }) => ({ secret: `whsec_${overlapHours}h` }));
    case 'GET deliveries':
      return { status: 200, body: { items: record.deliveries, next: null } };
    case 'POST redeliveries':
      return accept(RedeliveryRequest, body, (request) => {
        record.redelivered.push(request);
        return { count: 'all' in request ? record.deliveries.length : 1 };
      });
    default:
      return problem(404, `no ${route}`);
  }
}

function make({ webhooks }: WebhookRecord, given: ReturnType<typeof WebhookRequest.parse>): object {
  const { authorization, ...told } = given;
  const view: WebhookView = {
    ...told,
    state: 'active',
    authorization: authorization !== undefined,
    createdBy: 'ann',
    createdAt: '2026-11-22T00:00:00.000Z',
    waiting: 0,
    dead: 0,
    lastDeliveredAt: null,
    lastFailure: null,
  };
  webhooks.push({ ...view, authorizationValue: authorization });
  return { secret: view.kind === 'webhook' ? 'whsec_c2VjcmV0' : null, view };
}
