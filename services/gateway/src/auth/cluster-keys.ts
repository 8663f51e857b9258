import { readFile } from 'node:fs/promises';
import { KeysUnavailable } from '@verdict/process';
import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { fetchPinned } from './fetch-pinned.ts';

/** Where the keys of an issuer are: of a cluster, or of an identity provider. */
export interface ClusterKeysOptions {
  readonly issuer: string;
  /** What problems call it; the cluster's issuer by default. */
  readonly called?: string;
  /** Where the key set is; found by the issuer's discovery document when it is not given. */
  readonly jwksUrl?: string | undefined;
  /** Certificates (PEM) that the server is checked against instead of the well-known ones; read at each fetch. */
  readonly caFile?: string | undefined;
  /** Bearer token for the server; read at each fetch, since it is replaced from time to time. */
  readonly tokenFile?: string | undefined;
  /** Milliseconds that never go back. */
  readonly monotonicMs: () => number;
  /** Told when fresh keys cannot be had while known ones still serve. */
  readonly onStale?: (error: unknown) => void;
}

/** A new key is heard of within this time, or at once when a token names one that nobody knows yet. */
const refreshAfterMs = 10 * 60_000;
/** So long known keys serve when the API server is away: then nobody is let in any more. */
const trustForMs = 24 * 3_600_000;
/** Unknown key ids make us ask again, but no more often than this. */
const askAgainAfterMs = 5000;
const timeoutMs = 5000;

const Discovery = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) });

/**
 * The keys of the cluster's issuer, fetched when they are first needed, refreshed behind the requests, and kept for a
 * day when the API server does not answer. Rejects with `KeysUnavailable` while there have been none yet.
 */
export function clusterKeys(options: ClusterKeysOptions): JWTVerifyGetKey {
  const { monotonicMs } = options;
  const ask = async (url: string, signal: AbortSignal): Promise<Response> => {
    const ca = options.caFile === undefined ? undefined : await readFile(options.caFile, 'utf8');
    const token = options.tokenFile === undefined ? undefined : await readFile(options.tokenFile, 'utf8');
    return fetchPinned(url, { ca, token: token?.trim(), signal });
  };

  async function open() {
    const url = options.jwksUrl ?? (await discover(options.issuer, ask));
    return createRemoteJWKSet(new URL(url), {
      cacheMaxAge: trustForMs,
      cooldownDuration: askAgainAfterMs,
      timeoutDuration: timeoutMs,
      [customFetch]: (address, { signal }) => ask(address, signal),
    });
  }

  let opening: ReturnType<typeof open> | null = null;
  let askedAtMs = monotonicMs();
  return async (header, token) => {
    opening ??= open();
    const keys = await opening.catch((cause: unknown) => {
      opening = null;
      const called = options.called ?? "the cluster's issuer";
      throw new KeysUnavailable(`${called} cannot be asked for its keys`, { cause });
    });
    if (keys.jwks() !== undefined && monotonicMs() - askedAtMs > refreshAfterMs) {
      askedAtMs = monotonicMs();
      // Behind the request: the known keys serve it.
      keys.reload().catch((error: unknown) => options.onStale?.(error));
    }
    return keys(header, token);
  };
}

/** OpenID Connect discovery 1.0, section 4. */
async function discover(
  issuer: string,
  ask: (url: string, signal: AbortSignal) => Promise<Response>,
): Promise<string> {
  const url = `${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`;
  const response = await ask(url, AbortSignal.timeout(timeoutMs));
  const document = Discovery.parse(await response.json());
  if (document.issuer !== issuer) throw new Error(`${url} is of another issuer: ${document.issuer}`);
  return document.jwks_uri;
}
