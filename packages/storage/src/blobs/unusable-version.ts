/** What is wrong with a version: what it consists of, or that nobody who is trusted signed it. */
export type VersionFault = 'artefact' | 'signature';

/** A trained version that cannot serve: missing, altered, not what its manifest says, or not signed where it has to be. */
export class UnusableVersion extends Error {
  override readonly name = 'UnusableVersion';
  readonly fault: VersionFault;

  constructor(message: string, options: { readonly cause?: unknown; readonly fault?: VersionFault } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : {});
    this.fault = options.fault ?? 'artefact';
  }
}
