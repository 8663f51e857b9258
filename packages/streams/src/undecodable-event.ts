/** An event's body is not what its version says it is; the message gives the reason. */
export class UndecodableEvent extends Error {
  override readonly name = 'UndecodableEvent';
}
