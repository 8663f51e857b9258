/** What a peer is told when its link or message is refused. */
export interface LinkError {
  condition: string;
  description: string;
}

/** The conditions in use, as the service names them. */
export const CONDITION = {
  notFound: 'amqp:not-found',
  unauthorized: 'amqp:unauthorized-access',
  stolen: 'amqp:link:stolen',
  tooLarge: 'amqp:link:message-size-exceeded',
  limit: 'amqp:resource-limit-exceeded',
  internal: 'amqp:internal-error',
  decode: 'amqp:decode-error',
  notAllowed: 'amqp:not-allowed',
  notImplemented: 'amqp:not-implemented',
  argument: 'com.microsoft:argument-error',
  outOfRange: 'com.microsoft:argument-out-of-range',
  forced: 'amqp:connection:forced',
} as const;

/** A refusal that travels as an exception to whoever answers the peer. */
export class Refusal extends Error {
  override name = 'Refusal';
  readonly error: LinkError;
  constructor(condition: string, description: string) {
    super(description);
    this.error = { condition, description };
  }
}

/** The peer's view of a failure: a refusal as it is, a full disk by name, anything else as an internal error. */
export function linkErrorOf(failure: unknown): LinkError {
  if (failure instanceof Refusal) return failure.error;
  const code = (failure as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') {
    return {
      condition: CONDITION.limit,
      description: 'The disk is full: nothing was stored. Send again when there is space.',
    };
  }
  const reason = failure instanceof Error ? failure.message : String(failure);
  return { condition: CONDITION.internal, description: `The emulator failed: ${reason}` };
}
