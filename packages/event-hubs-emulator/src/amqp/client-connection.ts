import type { Connection, EventContext, Message, Receiver, Sender, Session } from 'rhea';
import { adaptSession } from './adapt-session.ts';
import { putToken } from './cbs.ts';
import { Claims } from './claims.ts';
import { ConsumeLink } from './consume-link.ts';
import { findHub, findPartition, requireConsumerGroup } from './find-entity.ts';
import { claimPath, type LinkAddress, parseLinkAddress } from './link-address.ts';
import { CONDITION, type LinkError, linkErrorOf, Refusal } from './link-error.ts';
import { answerManagement } from './management.ts';
import { openPublishLink } from './publish-link.ts';
import { type Answer, openRequestLink } from './request-link.ts';
import { linkInternals } from './rhea-internals.ts';
import type { ServedLink } from './served-link.ts';
import type { ServerContext } from './server-context.ts';
import { Settlement } from './settlement.ts';
import { parseStartFilter } from './start-filter.ts';

/** One client: what it has shown it may do, and its links. */
export class ClientConnection {
  readonly #context: ServerContext;
  readonly #claims: Claims;
  readonly #links = new Map<Sender | Receiver, ServedLink>();
  readonly #settlements = new Map<Session, Settlement>();

  constructor(connection: Connection, context: ServerContext) {
    this.#context = context;
    this.#claims = new Claims(context.nowMs, () => this.#closeUncovered());
    connection.on('session_open', ({ session }: EventContext) => session && this.#adapt(session));
    connection.on('session_close', ({ session }: EventContext) => session && this.#forgetSession(session));
    connection.on('sender_open', ({ sender }: EventContext) => sender && this.#open(sender));
    connection.on('receiver_open', ({ receiver }: EventContext) => receiver && this.#open(receiver));
    connection.on('sender_close', ({ sender }: EventContext) => sender && this.#forget(sender));
    connection.on('receiver_close', ({ receiver }: EventContext) => receiver && this.#forget(receiver));
    // Their *_close follows and does the work; without a listener rhea would throw.
    for (const event of ['sender_error', 'receiver_error', 'session_error'])
      connection.on(event, () => undefined);
  }

  /** Frees everything; the client has gone. */
  release(): void {
    this.#claims.clear();
    for (const link of this.#links.values()) link.release();
    this.#links.clear();
    this.#settlements.clear();
  }

  #adapt(session: Session): void {
    this.#settlements.set(session, new Settlement());
    adaptSession(session, this.#context.maxMessageBytes, () => {
      for (const [link, served] of this.#links) if (link.session === session) served.onFlow?.();
    });
  }

  #open(link: Sender | Receiver): void {
    try {
      this.#links.set(
        link,
        link.is_sender() ? this.#openSender(link as Sender) : this.#openReceiver(link as Receiver),
      );
    } catch (failure) {
      const error = linkErrorOf(failure);
      this.#context.log.debug('A link is refused.', { ...error });
      link.close(error);
    }
  }

  /** A link over which we receive: from a producer, or requests. */
  #openReceiver(receiver: Receiver): ServedLink {
    const address = receiver.target?.address ?? '';
    const settlement = this.#settlements.get(receiver.session) ?? new Settlement();
    const { namespace, key, nowMs, maxMessageBytes } = this.#context;
    const path = claimPath(address);
    const parsed = this.#authorize(address);
    receiver.set_target({ address });
    receiver.set_source({ address: receiver.source?.address ?? '' });
    const serve = (answer: (request: Message) => Answer): ServedLink =>
      openRequestLink({ receiver, settlement, answer, claimPath: parsed.kind === 'cbs' ? undefined : path });

    if (parsed.kind === 'cbs') return serve((request) => putToken(request, this.#claims, key, nowMs()));
    if (parsed.kind === 'management') {
      return serve((request) => answerManagement(request, this.#claims, this.#context));
    }
    if (parsed.kind === 'consume')
      throw new Refusal(CONDITION.notAllowed, `Nothing can be sent to '${address}'.`);
    if (asList(receiver.desired_capabilities).includes('com.microsoft:idempotent-producer')) {
      throw new Refusal(CONDITION.notImplemented, 'This emulator has no idempotent publishing.');
    }
    const hub = findHub(namespace, parsed.hub);
    linkInternals(receiver).local.attach.max_message_size = maxMessageBytes;
    const { partition } = parsed;
    return openPublishLink({ receiver, hub, partition, claimPath: path, settlement, maxMessageBytes });
  }

  /** A link over which we send: to a consumer, or answers. */
  #openSender(sender: Sender): ServedLink {
    const address = sender.source?.address ?? '';
    const parsed = this.#authorize(address);
    const source = { ...sender.source, address };
    sender.set_source(source);
    sender.set_target({ address: sender.target?.address ?? '' });
    if (parsed.kind === 'cbs' || parsed.kind === 'management') {
      const path = parsed.kind === 'cbs' ? undefined : claimPath(address);
      return { claimPath: path, refuse: (error) => sender.close(error), release: () => undefined };
    }
    if (parsed.kind === 'publish')
      throw new Refusal(CONDITION.notAllowed, `Nothing can be read from '${address}'.`);
    const { namespace, nowMs, ownerLevels } = this.#context;
    const hub = findHub(namespace, parsed.hub);
    requireConsumerGroup(hub, parsed.consumerGroup);
    const log = findPartition(hub, parsed.partition);
    const start = parseStartFilter(sender.source?.filter?.['apache.org:selector-filter:string']);
    const epoch = toNumber(sender.properties?.['com.microsoft:epoch']);
    const id = String(sender.properties?.['com.microsoft:receiver-name'] ?? sender.target?.address ?? 'nil');
    let link: ConsumeLink | undefined;
    const leave = ownerLevels.enter(claimPath(address), {
      epoch,
      id,
      disconnect: (error) => link?.refuse(error),
    });
    linkInternals(sender).local.attach.snd_settle_mode = 1;
    link = new ConsumeLink({
      sender,
      log,
      openFile: namespace.openFile,
      start,
      claimPath: claimPath(address),
      tracksLastEnqueued: asList(sender.desired_capabilities).includes(
        'com.microsoft:enable-receiver-runtime-metric',
      ),
      nowMs,
      onGone: leave,
    });
    return link;
  }

  /** The meaning of an address that the client may use. @throws Refusal */
  #authorize(address: string): LinkAddress {
    const parsed = parseLinkAddress(address);
    if (parsed === undefined)
      throw new Refusal(CONDITION.notFound, `The address '${address}' has no meaning here.`);
    const isOpenToAll = parsed.kind === 'cbs';
    const isShared = parsed.kind === 'management' && parsed.hub === undefined && !this.#claims.isEmpty;
    if (!isOpenToAll && !isShared && !this.#claims.cover(claimPath(address))) {
      throw new Refusal(CONDITION.unauthorized, `Unauthorized access. A token for '${address}' is required.`);
    }
    return parsed;
  }

  #closeUncovered(): void {
    const error: LinkError = { condition: CONDITION.unauthorized, description: 'The token has expired.' };
    for (const [link, served] of [...this.#links]) {
      if (served.claimPath === undefined || this.#claims.cover(served.claimPath)) continue;
      if (served.claimPath === '$management' && !this.#claims.isEmpty) continue;
      served.refuse(error);
      this.#forget(link);
    }
  }

  #forget(link: Sender | Receiver): void {
    this.#links.get(link)?.release();
    this.#links.delete(link);
  }

  #forgetSession(session: Session): void {
    for (const link of [...this.#links.keys()]) if (link.session === session) this.#forget(link);
    this.#settlements.delete(session);
  }
}

function asList(symbols: string | string[] | undefined): string[] {
  return symbols === undefined || symbols === null ? [] : [symbols].flat();
}

/** An AMQP long; rhea leaves those beyond the safe integers as their eight bytes. */
function toNumber(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  return Buffer.isBuffer(value) ? Number(value.readBigInt64BE()) : Number(value);
}
