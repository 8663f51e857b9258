import rhea, { type Connection, type EventContext, type Message, type Receiver, type Sender } from 'rhea';
import type { LinkError } from './link-error.ts';
import { sessionInternals } from './rhea-internals.ts';
import type { ServedLink } from './served-link.ts';
import type { Settlement } from './settlement.ts';

/** The answer to a request over `$cbs` or `$management`. */
export interface Answer {
  /** As in HTTP. */
  status: number;
  description: string;
  /** AMQP condition of a failure. */
  condition?: string;
  body?: unknown;
}

const CREDIT = 100;

export interface RequestLinkOptions {
  receiver: Receiver;
  settlement: Settlement;
  claimPath: string | undefined;
  answer(request: Message): Answer;
}

/** Serves requests: each message is answered over the link that its `reply_to` names. */
export function openRequestLink(options: RequestLinkOptions): ServedLink {
  const { receiver, settlement, answer } = options;
  receiver.on('message', ({ message, delivery, connection }: EventContext) => {
    if (delivery === undefined) return;
    receiver.add_credit(1);
    let request: Message;
    try {
      request = rhea.message.decode(message as unknown as Buffer) as unknown as Message;
    } catch (error) {
      const refusal: LinkError = { condition: 'amqp:decode-error', description: String(error) };
      settlement.settle(delivery, refusal);
      return;
    }
    settlement.settle(delivery);
    reply(connection, request, answer(request));
  });
  receiver.add_credit(CREDIT);
  return { claimPath: options.claimPath, refuse: (error) => receiver.close(error), release: () => undefined };
}

function reply(connection: Connection, request: Message, answer: Answer): void {
  const link = connection.find_sender(
    (sender: Sender) => sender.name === request.reply_to || sender.target?.address === request.reply_to,
  );
  // A peer that names no open link, or takes no answers, gets none; its request times out.
  if (link === undefined || sessionInternals(link.session).outgoing.available() === 0) return;
  const { types } = rhea;
  link.send({
    correlation_id: request.message_id ?? request.correlation_id,
    application_properties: {
      'status-code': types.wrap_int(answer.status),
      'status-description': answer.description,
      ...(answer.condition === undefined ? {} : { 'error-condition': types.wrap_symbol(answer.condition) }),
    },
    body: answer.body,
  } as Message);
}
