import type { LinkError } from './link-error.ts';

/** A link that the emulator serves, whatever it is for. */
export interface ServedLink {
  /** The address in lower case, which the peer's claims must cover; undefined for `$cbs`. */
  claimPath: string | undefined;
  /** Tells the peer why and detaches. */
  refuse(error: LinkError): void;
  /** Frees what the link holds; the peer has gone or was told already. */
  release(): void;
  /** The session has room again. */
  onFlow?(): void;
}
