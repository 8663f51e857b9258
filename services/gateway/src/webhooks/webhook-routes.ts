import {
  ResourceName,
  WebhookCreated,
  WebhookList,
  WebhookRemoved,
  WebhookRequest,
  WebhookRotated,
  WebhookRotation,
  WebhookTested,
} from '@verdict/contracts';
import { type Clock, defineRoute, HttpProblem, type Logger, type Route } from '@verdict/process';
import type { WebhookStore, WebhookTarget } from '@verdict/storage';
import { z } from 'zod';
import { type AddressGuard, AddressRefused } from './address-guard.ts';
import type { MessageSender } from './message-sender.ts';
import { newWebhookSecret } from './webhook-secret.ts';
import { webhookView } from './webhook-view.ts';

const hourMs = 3_600_000;

/** The path of everything about one webhook. */
export const WebhookPath = z.strictObject({ name: ResourceName });

/** What the administration of webhooks needs. */
export interface WebhookRouteParts {
  readonly webhooks: WebhookStore;
  readonly guard: AddressGuard;
  readonly sender: MessageSender;
  /** There may be something to send. */
  readonly nudge: () => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Making, seeing, testing and removing webhooks; for admins. */
export function webhookRoutes(parts: WebhookRouteParts): Route[] {
  const { webhooks, guard, sender, nudge, clock, logger } = parts;
  return [
    defineRoute({
      method: 'get',
      path: '/webhooks',
      tag: 'webhooks',
      summary: 'List the addresses that are told of anomalies, and how they do',
      roles: ['admin'],
      response: WebhookList,
      handler: async () => ({ items: (await webhooks.list()).map(webhookView) }),
    }),
    defineRoute({
      method: 'post',
      path: '/webhooks',
      tag: 'webhooks',
      summary: 'Tell an address, or an Alertmanager, of anomalies that open and close from now on',
      description: 'The secret that signs its messages is in this answer and in no other.',
      roles: ['admin'],
      body: WebhookRequest,
      response: WebhookCreated,
      status: 201,
      problems: { 409: 'There is a webhook of this name, or there are too many.' },
      handler: async ({ body, caller }) => {
        assertReachable(guard, body.url);
        const { name, kind, url, models, labels } = body;
        const secret = kind === 'webhook' ? newWebhookSecret() : null;
        const made = await webhooks.create({
          name,
          kind,
          url,
          models: [...new Set(models)],
          labels,
          secret,
          authorization: body.authorization ?? null,
          createdBy: caller.name,
        });
        if (!made) throw new HttpProblem(409, { detail: `There is a webhook ${name} already.` });
        logger.info({ webhook: name, kind, models, by: caller.name }, 'a webhook was made');
        nudge();
        const row = (await webhooks.list()).find((one) => one.name === name);
        if (row === undefined) throw notThere(name);
        return { secret, view: webhookView(row) };
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/webhooks/{name}',
      tag: 'webhooks',
      summary: 'Tell an address nothing any more, also nothing that still waits',
      roles: ['admin'],
      params: WebhookPath,
      response: WebhookRemoved,
      problems: { 404: 'There is no such webhook.' },
      handler: async ({ params: { name }, caller }) => {
        if (!(await webhooks.remove(name, caller.name))) throw notThere(name);
        logger.info({ webhook: name, by: caller.name }, 'a webhook was removed');
        return { name };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/webhooks/{name}/rotations',
      tag: 'webhooks',
      summary: 'Make a new secret; for a while messages are signed with the old one too',
      roles: ['admin'],
      params: WebhookPath,
      body: WebhookRotation,
      response: WebhookRotated,
      status: 201,
      problems: { 404: 'There is no such webhook, or it is an Alertmanager: nothing is signed for it.' },
      handler: async ({ params: { name }, body, caller }) => {
        const secret = newWebhookSecret();
        const overlapMs = body.overlapHours * hourMs;
        if (!(await webhooks.rotate(name, secret, { overlapMs, by: caller.name })))
          throw new HttpProblem(404, { detail: `There is no webhook ${name} with a secret.` });
        logger.info({ webhook: name, by: caller.name }, 'the secret of a webhook was changed');
        return { secret };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/webhooks/{name}/tests',
      tag: 'webhooks',
      summary: 'Send a test now and say what came of it; a disabled webhook that passes is told again',
      roles: ['admin'],
      params: WebhookPath,
      response: WebhookTested,
      problems: { 404: 'There is no such webhook.' },
      handler: async ({ params: { name }, caller }) => {
        const target = await webhooks.target(name);
        if (target === null) throw notThere(name);
        const tested = await test(sender, target, clock);
        await webhooks.tested(name, { ...tested, by: caller.name });
        if (tested.delivered) nudge();
        return tested;
      },
    }),
  ];
}

/** Throws 400 for an address that is refused as it is written; what a name resolves to is looked at when it is used. */
function assertReachable(guard: AddressGuard, url: string): void {
  try {
    guard.checkUrl(new URL(url));
  } catch (error) {
    if (!(error instanceof AddressRefused)) throw error;
    const { message } = error;
    throw new HttpProblem(400, { detail: `url: ${message}`, errors: [{ field: 'url', message }] });
  }
}

async function test(
  sender: MessageSender,
  target: WebhookTarget,
  clock: Clock,
): Promise<z.input<typeof WebhookTested>> {
  const startedMs = clock.monotonicMs();
  const outcome = await sender.test(target, new AbortController().signal);
  const tookMs = Math.round(clock.monotonicMs() - startedMs);
  if (outcome.kind === 'delivered')
    return { delivered: true, status: outcome.status, message: `it answered ${outcome.status}`, tookMs };
  const { status, message } =
    outcome.kind === 'failed' ? outcome : { status: null, message: 'it was broken off' };
  return { delivered: false, status, message, tookMs };
}

/** The answer where a webhook is not there. */
export function notThere(name: string): HttpProblem {
  return new HttpProblem(404, { detail: `There is no webhook ${name}.` });
}
