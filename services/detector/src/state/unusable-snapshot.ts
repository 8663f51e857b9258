/** Bytes that are not a snapshot of this format, or snapshots that do not belong together. */
export class UnusableSnapshot extends Error {
  override readonly name = 'UnusableSnapshot';
}
