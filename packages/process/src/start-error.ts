/** A process cannot start for a reason that its user can mend; the message is one clear sentence. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
