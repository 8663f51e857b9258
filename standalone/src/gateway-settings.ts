import { z } from 'zod';

const asGiven = z.string().optional();

/** Settings that are handed to the gateway as they are given: it has their defaults, and says what is wrong with them. */
export const gatewaySettings = {
  /** How much one person may answer, and how fast it is learnt from unseen. */
  VERDICT_ANSWERS_PER_HOUR: asGiven,
  VERDICT_ANSWERS_PER_DAY: asGiven,
  VERDICT_FLOOD_PER_MINUTE: asGiven,
  VERDICT_FLOOD_FACTOR: asGiven,
  /** How often it may be asked, and how much may be under way. */
  VERDICT_REQUESTS_PER_MINUTE: asGiven,
  VERDICT_CALLER_REQUESTS_PER_MINUTE: asGiven,
  VERDICT_INGEST_REQUESTS_PER_MINUTE: asGiven,
  VERDICT_LOGINS_PER_MINUTE: asGiven,
  VERDICT_MAX_IN_FLIGHT_BYTES: asGiven,
  /** Who else may ask, and who stands between. */
  VERDICT_CORS_ORIGINS: asGiven,
  VERDICT_TRUSTED_PROXIES: asGiven,
  /** The identity provider whose people and programs are let in; none without an issuer. */
  VERDICT_OIDC_ISSUER: asGiven,
  VERDICT_OIDC_AUDIENCE: asGiven,
  VERDICT_OIDC_ROLES: asGiven,
  VERDICT_OIDC_CLIENT_ID: asGiven,
  VERDICT_OIDC_CLIENT_SECRET_FILE: asGiven,
  VERDICT_OIDC_CLIENT_ASSERTION_FILE: asGiven,
  VERDICT_OIDC_CLIENT_IDENTITY: asGiven,
  VERDICT_OIDC_NAME_CLAIM: asGiven,
  VERDICT_OIDC_NAME_PREFIX: asGiven,
  VERDICT_OIDC_SCOPES: asGiven,
  VERDICT_OIDC_LABEL: asGiven,
};

const names = Object.keys(gatewaySettings) as (keyof typeof gatewaySettings)[];

/** Those that were given, for the gateway's environment. */
export function givenToGateway(
  config: z.output<z.ZodObject<typeof gatewaySettings>>,
): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = config[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
