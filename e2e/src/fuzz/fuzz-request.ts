/** A request as a client of HTTP would write it, whatever it says. */
export interface WrittenRequest {
  readonly kind: 'written';
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
}

/** Bytes on a connection, which may be no HTTP at all. */
export interface RawRequest {
  readonly kind: 'raw';
  readonly bytes: Uint8Array;
  /** The only status that will do, where there is one: smuggling must not get through. */
  readonly only?: number;
}

/** Frames on a live connection. */
export interface LiveGarbage {
  readonly kind: 'live';
  readonly frames: readonly (string | Uint8Array)[];
  /** Whether a good token was given first. */
  readonly known: boolean;
}

export type FuzzRequest = WrittenRequest | RawRequest | LiveGarbage;

/** What came back. */
export interface FuzzAnswer {
  /** 0: the connection was closed without a word. */
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** Who may send a request: tokens and a key by the name of their role, and what only looks like one. */
export type Credentials = Readonly<
  Record<'admin' | 'service' | 'ingest' | 'analyst' | 'viewer' | 'key', string>
>;
