import type { ProcessContext, VerifyToken } from '@verdict/process';
import type { GatewayConfig } from '../config.ts';
import { clusterKeys } from './cluster-keys.ts';
import { clusterTokenVerifier } from './cluster-token-verifier.ts';

/** The check of the cluster's tokens by their issuer, as configured; empty where no cluster is. */
export function clusterIssuer(
  config: GatewayConfig,
  { clock, logger }: Pick<ProcessContext, 'clock' | 'logger'>,
): ReadonlyMap<string, VerifyToken> {
  const issuer = config.VERDICT_CLUSTER_ISSUER;
  if (issuer === undefined) return new Map();
  const keys = clusterKeys({
    issuer,
    jwksUrl: config.VERDICT_CLUSTER_JWKS_URL,
    caFile: config.VERDICT_CLUSTER_CA_FILE,
    tokenFile: config.VERDICT_CLUSTER_TOKEN_FILE,
    monotonicMs: clock.monotonicMs,
    onStale: (error) =>
      logger.warn({ err: error }, "the cluster's keys cannot be refreshed; the known ones serve on"),
  });
  const accounts = config.VERDICT_CLUSTER_ACCOUNTS ?? [];
  return new Map([
    [issuer, clusterTokenVerifier({ issuer, audience: config.VERDICT_CLUSTER_AUDIENCE, keys, accounts })],
  ]);
}
