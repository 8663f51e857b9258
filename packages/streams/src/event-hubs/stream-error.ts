import { EventTooLarge, OwnershipLost, StreamUnavailable } from '../event-stream.ts';

/** Codes of the client's errors that say that the request itself is wrong. */
const finalCodes = new Set([
  'ArgumentError',
  'ArgumentOutOfRangeError',
  'MessagingEntityDisabledError',
  'MessagingEntityNotFoundError',
  'UnauthorizedError',
]);

/** True where trying again at once cannot help: too large, no such hub or partition, not allowed. */
export function isFinal(error: OwnershipLost | StreamUnavailable | EventTooLarge): boolean {
  return !(error instanceof StreamUnavailable) || finalCodes.has(describe(error.cause).code);
}

/** What an error of the client means for the port; the client's error is kept as the cause. */
export function streamError(error: unknown): OwnershipLost | StreamUnavailable | EventTooLarge {
  if (
    error instanceof OwnershipLost ||
    error instanceof StreamUnavailable ||
    error instanceof EventTooLarge
  ) {
    return error;
  }
  const last = error instanceof AggregateError ? error.errors.at(-1) : error;
  const { code, message } = describe(last);
  if (code === 'ReceiverDisconnectedError') return new OwnershipLost(message, { cause: error });
  if (code === 'MessageTooLargeError') return new EventTooLarge(message, { cause: error });
  return new StreamUnavailable(message, { cause: error });
}

function describe(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: '', message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  // The client's connection errors often have no text.
  return { code, message: error.message || code || error.name };
}
