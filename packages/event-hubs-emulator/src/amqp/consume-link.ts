import type { Sender } from 'rhea';
import type { OpenLogFile } from '../log/log-file.ts';
import { LogReader } from '../log/log-reader.ts';
import type { PartitionLog } from '../log/partition-log.ts';
import { InvalidPosition, locate, type StartPosition } from '../log/start-position.ts';
import { withLastEnqueued } from './last-enqueued.ts';
import { CONDITION, type LinkError, linkErrorOf } from './link-error.ts';
import { connectionInternals, linkInternals, sessionInternals } from './rhea-internals.ts';
import type { ServedLink } from './served-link.ts';

const PIECE_BYTES = 256 * 1024;
/** Bytes in a socket's buffer above which a peer counts as slow and waits for its turn. */
const MAX_SOCKET_BACKLOG_BYTES = 1024 * 1024;
/** Messages handed to rhea in one turn; it writes them at the end of the turn. */
const MESSAGES_PER_TURN = 512;

export interface ConsumeLinkOptions {
  sender: Sender;
  log: PartitionLog;
  openFile: OpenLogFile;
  start: StartPosition;
  claimPath: string;
  tracksLastEnqueued: boolean;
  nowMs(): number;
  /** Called when the link ends for whatever reason. */
  onGone(): void;
}

/**
 * Delivers a partition from a position on: read from the disk piece by piece, as far as the peer's credit, its
 * session's window and its socket let through. Messages go out settled, as by the service.
 */
export class ConsumeLink implements ServedLink {
  readonly claimPath: string;
  readonly #options: ConsumeLinkOptions;
  readonly #stopListening: () => void;
  readonly #ready: Promise<LogReader>;
  #messages: Buffer[] = [];
  #isOpen = true;
  #isPumping = false;
  #again = false;
  #waitsForSocket = false;

  constructor(options: ConsumeLinkOptions) {
    this.#options = options;
    this.claimPath = options.claimPath;
    const { log, openFile, start, sender } = options;
    this.#ready = locate(log, start, openFile).then((sequence) => new LogReader(log, openFile, sequence));
    this.#ready.catch((failure: unknown) => this.refuse(positionError(failure)));
    this.#stopListening = log.onAppended(this.onFlow);
    sender.on('sender_draining', this.onFlow);
  }

  readonly onFlow = (): void => {
    if (this.#isPumping) this.#again = true;
    else if (this.#isOpen) void this.#pump();
  };

  refuse(error: LinkError): void {
    if (!this.#isOpen) return;
    this.#options.sender.close(error);
    this.release();
  }

  release(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#messages = [];
    this.#stopListening();
    this.#options.onGone();
    // A read that is under way ends first: the pump closes the reader then.
    if (!this.#isPumping) void this.#closeReader();
  }

  async #pump(): Promise<void> {
    this.#isPumping = true;
    try {
      const reader = await this.#ready;
      do {
        this.#again = false;
        await this.#deliver(reader);
      } while (this.#again && this.#isOpen);
    } catch (failure) {
      this.refuse(positionError(failure));
    } finally {
      this.#isPumping = false;
      if (!this.#isOpen) void this.#closeReader();
    }
  }

  async #deliver(reader: LogReader): Promise<void> {
    while (this.#isOpen) {
      const room = this.#room();
      if (room <= 0) return;
      if (this.#messages.length === 0) {
        const before = reader.nextSequence;
        this.#messages = await reader.read(PIECE_BYTES);
        if (this.#messages.length > 0 || reader.nextSequence > before) continue;
        if (reader.nextSequence <= this.#options.log.state.lastSequenceNumber) continue;
        this.#options.sender.set_drained(true);
        connectionInternals(this.#options.sender.connection)._register();
        return;
      }
      const { socket } = connectionInternals(this.#options.sender.connection);
      socket.cork(); // rhea writes each message by itself: together they cost one system call
      for (const message of this.#messages.splice(0, room)) this.#send(message);
      await new Promise(setImmediate); // rhea writes what it was given, and other links get their turn
      socket.uncork();
    }
  }

  /** How many messages may go now: 0 until the peer gives credit, window or reads its socket. */
  #room(): number {
    const { sender } = this.#options;
    const { socket } = connectionInternals(sender.connection);
    if (socket.writableLength > MAX_SOCKET_BACKLOG_BYTES) {
      if (!this.#waitsForSocket) {
        this.#waitsForSocket = true;
        socket.once('drain', () => {
          this.#waitsForSocket = false;
          this.onFlow();
        });
      }
      return 0;
    }
    const { outgoing } = sessionInternals(sender.session);
    const unsent = outgoing.next_delivery_id - outgoing.next_pending_delivery;
    if (unsent > 0) return 0;
    return Math.min(linkInternals(sender).credit, outgoing.available(), MESSAGES_PER_TURN);
  }

  #send(message: Buffer): void {
    const { sender, tracksLastEnqueued, log, nowMs } = this.#options;
    const bytes = tracksLastEnqueued ? withLastEnqueued(message, log.state, nowMs()) : message;
    sender.send(bytes, undefined, 0);
  }

  async #closeReader(): Promise<void> {
    const reader = await this.#ready.catch(() => undefined); // its failure was told when it happened
    await reader?.close();
  }
}

function positionError(failure: unknown): LinkError {
  if (failure instanceof InvalidPosition)
    return { condition: CONDITION.argument, description: failure.message };
  return linkErrorOf(failure);
}
