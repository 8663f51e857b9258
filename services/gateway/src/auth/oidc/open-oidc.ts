import type { ProcessContext, VerifyToken } from '@verdict/process';
import type { azureIdentity } from '@verdict/storage';
import type { GatewayConfig } from '../../config.ts';
import { clusterKeys } from '../cluster-keys.ts';
import { oidcClient } from './oidc-client.ts';
import type { OidcWay } from './oidc-routes.ts';
import { oidcTokenVerifier } from './oidc-token-verifier.ts';
import type { ClaimMapping } from './role-mapping.ts';

/** What an identity provider is good for here: its access tokens, and log-ins of people, each where configured. */
export interface Oidc {
  readonly issuers: ReadonlyMap<string, VerifyToken>;
  readonly way: OidcWay | null;
}

type AzureIdentity = ReturnType<typeof azureIdentity>;

/** Makes both as configured; nothing is asked of the provider before it is needed. */
export function openOidc(
  config: GatewayConfig,
  { clock, logger }: Pick<ProcessContext, 'clock' | 'logger'>,
  identity: AzureIdentity,
): Oidc {
  const issuer = config.VERDICT_OIDC_ISSUER;
  if (issuer === undefined) return { issuers: new Map(), way: null };
  const mapping: ClaimMapping = {
    rules: config.VERDICT_OIDC_ROLES ?? [],
    nameClaim: config.VERDICT_OIDC_NAME_CLAIM,
    namePrefix: config.VERDICT_OIDC_NAME_PREFIX,
  };
  const keys = clusterKeys({
    issuer,
    called: 'the identity provider',
    monotonicMs: clock.monotonicMs,
    onStale: (error) =>
      logger.warn(
        { err: error },
        "the identity provider's keys cannot be refreshed; the known ones serve on",
      ),
  });
  const audience = config.VERDICT_OIDC_AUDIENCE;
  const verify = audience === undefined ? null : oidcTokenVerifier({ issuer, audience, keys, mapping });
  const clientId = config.VERDICT_OIDC_CLIENT_ID;
  const publicUrl = config.VERDICT_PUBLIC_URL;
  const way =
    clientId === undefined || publicUrl === undefined
      ? null
      : {
          mapping,
          label: config.VERDICT_OIDC_LABEL,
          client: oidcClient({
            issuer,
            clientId,
            redirectUri: `${publicUrl.replace(/\/+$/, '')}/auth/oidc/callback`,
            scopes: config.VERDICT_OIDC_SCOPES,
            secretFile: config.VERDICT_OIDC_CLIENT_SECRET_FILE,
            assertionFile: config.VERDICT_OIDC_CLIENT_ASSERTION_FILE,
            assertion: config.VERDICT_OIDC_CLIENT_IDENTITY === undefined ? undefined : assertionOf(identity),
            monotonicMs: clock.monotonicMs,
          }),
        };
  return { issuers: verify === null ? new Map() : new Map([[issuer, verify]]), way };
}

/** What Microsoft Entra ID wants tokens to be for that stand in for a client's secret. */
const exchangeScope = 'api://AzureADTokenExchange/.default';

function assertionOf(identity: AzureIdentity): () => Promise<string> {
  return async () => {
    const token = await identity.getToken(exchangeScope);
    if (token === null) throw new Error('the identity of Azure gives no token to exchange');
    return token.token;
  };
}
