import type { VersionSpan } from '@verdict/storage';

/** A law of the stream that an adapter can be told to break, to see that the soak sees it. */
export type Break =
  | 'commit-before-write'
  | 'no-epoch-check'
  | 'skipped-snapshot'
  | 'lost-outbox-row'
  | 'double-send';

export const breaks: readonly Break[] = [
  'commit-before-write',
  'no-epoch-check',
  'skipped-snapshot',
  'lost-outbox-row',
  'double-send',
];

/** What the adapters inside a process tell the soak over its channel. Times are epoch milliseconds. */
export type Note =
  | {
      readonly kind: 'loaded';
      readonly partition: string;
      readonly epoch: number;
      readonly checkpoint: number;
      readonly versions: readonly VersionSpan[];
      readonly atMs: number;
    }
  | {
      readonly kind: 'committed';
      readonly partition: string;
      readonly epoch: number;
      /** Checkpoint of the commit before, as this process knows it. */
      readonly before: number;
      readonly checkpoint: number;
      readonly version: number;
      readonly overlay: number;
      readonly shadow: number | null;
      readonly atMs: number;
    }
  /** Events handed to a detector. */
  | {
      readonly kind: 'read';
      readonly partition: string;
      readonly epoch: number;
      readonly first: number;
      readonly last: number;
    }
  /** A snapshot that a commit refers to is not there. */
  | { readonly kind: 'missing-blob'; readonly name: string }
  /** The process waits at the point where it was asked to. */
  | { readonly kind: 'held' }
  /** A gated reader has handed out everything up to its limit, and the batch of it is done. */
  | { readonly kind: 'drained'; readonly partition: string; readonly revision: number }
  /** A commit was refused, because somebody else is the owner by now. */
  | { readonly kind: 'refused' }
  /** Calls that were made to fail since the last such note. */
  | { readonly kind: 'threw'; readonly calls: number };

/** What the soak asks of the adapters inside a process. */
export type Order =
  /** Lets calls fail with this share, before they reach the store or after, for a while. */
  | {
      readonly kind: 'errors';
      readonly of: 'database' | 'blobs';
      readonly share: number;
      readonly forMs: number;
      readonly seed: number;
    }
  /** How far the injected wall clock is ahead of the real one from now on, and a jump of the monotonic one. */
  | { readonly kind: 'clock'; readonly wallMs: number; readonly monotonicMs: number }
  /** Wait (for a bounded time) in the next commit that has something to tell people. */
  | { readonly kind: 'hold' }
  | { readonly kind: 'release' }
  /** A gated reader hands out events up to `upTo`; then it gives empty answers (`idle`), or none at all. */
  | {
      readonly kind: 'gate';
      readonly partition: string;
      readonly upTo: number;
      readonly idle: boolean;
      readonly revision: number;
    }
  /** Number of the newest false-alarm memory that may be seen. */
  | { readonly kind: 'overlay'; readonly most: number };

/** How both look on the channel, beside what processes say to their parents anyway. */
export interface Letter<T> {
  readonly soak: T;
}

export function isLetter(message: unknown): message is Letter<never> {
  return typeof message === 'object' && message !== null && 'soak' in message;
}

/** Environment of the adapters. */
export const adapterEnvironment = {
  /** One of `breaks`. */
  break: 'SOAK_BREAK',
  /** `yes`: readers hand out only what they were told to. */
  gated: 'SOAK_GATED',
  /** Database whose false-alarm memories are followed instead of the own ones. */
  overlaysUrl: 'SOAK_OVERLAYS_URL',
} as const;
