import { createPlatformClient, type PlatformClient } from '@verdict/platform-client';
import type { CommandContext } from './command-context.ts';
import { findCredentials } from './credentials.ts';
import type { Progress } from './progress.ts';

/** A client for a question: a few tries, then the failure is told. Without a namespace the gateway's own counts. */
export async function connectPlatform(
  context: CommandContext,
  url: string,
  namespace?: string,
): Promise<PlatformClient> {
  const { clock, signal } = context;
  const credentials = await findCredentials(context, url);
  return createPlatformClient({
    url,
    credentials,
    clock,
    signal,
    ...(namespace === undefined ? {} : { namespace }),
  });
}

/** Outages are told at most this often. */
const tellEveryMs = 30_000;

/**
 * A client for work that lasts: it waits for the gateway as long as it takes, at most 5 s between tries, and says
 * so on stderr. Sending readings again is harmless, so nothing is lost or doubled by waiting.
 */
export async function connectPatiently(
  context: CommandContext,
  url: string,
  progress: Progress,
): Promise<PlatformClient> {
  const { clock, signal } = context;
  let toldAtMs = Number.NEGATIVE_INFINITY;
  return createPlatformClient({
    url,
    credentials: await findCredentials(context, url),
    clock,
    signal,
    retry: {
      attempts: Number.POSITIVE_INFINITY,
      firstMs: 250,
      maxMs: 5_000,
      maxRetryAfterMs: Number.POSITIVE_INFINITY,
    },
    onRetry: ({ reason, attempt }) => {
      // The first hiccup of a call mends itself nearly always.
      if (attempt < 2 || clock.nowMs() - toldAtMs < tellEveryMs) return;
      toldAtMs = clock.nowMs();
      progress.say(`${reason}; trying again until it answers (Ctrl-C stops)`);
    },
  });
}
