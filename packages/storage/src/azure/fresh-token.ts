import type { TokenCredential } from '@azure/identity';

/** A token that has less than this left is renewed. */
const renewBeforeMs = 300_000;
const answerWithinMs = 10_000;

interface Token {
  readonly token: string;
  readonly expiresOnTimestamp: number;
  readonly refreshAfterTimestamp?: number | undefined;
}

/**
 * Gives a token for one scope that lasts some minutes at least: the one at hand, or a new one. All who ask at the same
 * time wait for one answer. While no new one can be had, an old one serves to its very end.
 */
export function freshToken(
  credential: TokenCredential,
  scope: string,
  nowMs: () => number = Date.now,
): () => Promise<string> {
  let known: Token | null = null;
  let asking: Promise<Token> | null = null;

  const ask = async (): Promise<Token> => {
    const given = await credential.getToken(scope, { abortSignal: AbortSignal.timeout(answerWithinMs) });
    if (given === null) throw new Error(`no identity has a token for ${scope}`);
    known = given;
    return given;
  };

  return async () => {
    if (known !== null && nowMs() < renewAtMs(known)) return known.token;
    asking ??= ask().finally(() => {
      asking = null;
    });
    try {
      return (await asking).token;
    } catch (error) {
      if (known !== null && nowMs() < known.expiresOnTimestamp) return known.token;
      throw error;
    }
  };
}

function renewAtMs({ expiresOnTimestamp, refreshAfterTimestamp }: Token): number {
  return Math.min(refreshAfterTimestamp ?? Number.POSITIVE_INFINITY, expiresOnTimestamp - renewBeforeMs);
}
