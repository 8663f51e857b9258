import { defaultFloodPolicy } from '@verdict/lifecycle';
import { readConfig, tokenIssuer } from '@verdict/process';
import { databaseProblems } from '@verdict/storage';
import { eventHubsProblems } from '@verdict/streams';
import { z } from 'zod';
import { ClusterAccounts } from './auth/cluster-accounts.ts';
import { givenSecrets } from './auth/given-secrets.ts';
import { oidcEnvironment, oidcProblems } from './auth/oidc/oidc-config.ts';
import { edgeEnvironment } from './limits/edge-environment.ts';
import { readAllowedAddresses } from './webhooks/address-guard.ts';

const onlyWithIssuer = [
  'VERDICT_CLUSTER_ACCOUNTS',
  'VERDICT_CLUSTER_JWKS_URL',
  'VERDICT_CLUSTER_CA_FILE',
  'VERDICT_CLUSTER_TOKEN_FILE',
] as const;

/** What the gateway takes from its environment. */
export const GatewayConfig = z
  .object({
    /** Address that is listened on. */
    VERDICT_HOST: z.string().min(1).default('127.0.0.1'),
    VERDICT_PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
    VERDICT_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
    /** `entra`: the URL has no password, tokens of Microsoft Entra ID serve instead. */
    VERDICT_DATABASE_AUTH: z.enum(['password', 'entra']).default('password'),
    /** Connection string of an emulator, or of a namespace. */
    VERDICT_EVENT_HUBS_CONNECTION_STRING: z.string().min(1).optional(),
    /** Instead of it: host name of the namespace (`name.servicebus.windows.net`), reached with an identity of Azure. */
    VERDICT_EVENT_HUBS_NAMESPACE: z.string().min(1).optional(),
    VERDICT_DATA_HUB: z.string().min(1).default('data'),
    VERDICT_FEEDBACK_HUB: z.string().min(1).default('feedback'),
    /**
     * Private keys (ES256, as JWK, JWK set or PEM) that sign access tokens, the last one as the newest; or a folder of
     * such files. Made when it does not exist, read again every 15 s.
     */
    VERDICT_SIGNING_KEY_FILE: z.string().min(1).optional(),
    ...givenSecrets,
    /** JSON list of `{username, password, roles}`; these users are created or updated at start. */
    VERDICT_BOOTSTRAP_USERS_FILE: z.string().min(1).optional(),
    /** The built dashboard; without it only the API is served. */
    VERDICT_DASHBOARD_DIR: z.string().min(1).optional(),
    /** Where artefacts of models and snapshots lie, as for detectors; without it none of them can be deleted. */
    VERDICT_BLOBS_URL: z.string().min(1).optional(),
    /** Readings older than this are refused. */
    VERDICT_RETENTION_DAYS: z.coerce.number().int().min(1).max(36_500).default(30),
    /** Further host names (comma separated, without ports) under which the gateway is reached; `*` = any. */
    VERDICT_ALLOWED_HOSTS: z
      .string()
      .default('')
      .transform((hosts) =>
        hosts
          .split(',')
          .map((host) => host.trim())
          .filter((host) => host !== ''),
      ),
    /** Bytes of bodies with readings that may be under way at once; more are answered with 429. */
    VERDICT_MAX_IN_FLIGHT_BYTES: z.coerce
      .number()
      .int()
      .min(4 * 1024 * 1024)
      .default(64 * 1024 * 1024),
    /** Rules, as JSON, by which samples of Prometheus and OpenTelemetry become readings (docs/doors.md), or their file. */
    VERDICT_DOOR_RULES: z.string().min(1).optional(),
    VERDICT_DOOR_RULES_FILE: z.string().min(1).optional(),
    /**
     * Networks, addresses and host names inside our own networks (comma separated) that webhooks and alerts may be sent
     * to, such as that of an Alertmanager; plain http is for these alone.
     */
    VERDICT_WEBHOOK_ALLOW: z
      .string()
      .default('')
      .transform((text, context) => {
        const allowed = readAllowedAddresses(text);
        if (allowed !== null) return allowed;
        context.addIssue({ code: 'custom', message: 'networks (10.0.0.0/8), addresses or host names' });
        return z.NEVER;
      }),
    /** Log-in attempts per minute from one address. */
    VERDICT_LOGINS_PER_MINUTE: z.coerce.number().int().min(1).default(120),
    /** Answers (verdicts, and reports of missed anomalies) that one person may give; more are answered with 429. */
    VERDICT_ANSWERS_PER_HOUR: z.coerce.number().int().min(1).default(1000),
    VERDICT_ANSWERS_PER_DAY: z.coerce.number().int().min(1).default(5000),
    /**
     * More answers of one person within a minute than this, and than so many times what is a busy minute in that
     * person's history, wait for a review before anything is learnt from them.
     */
    VERDICT_FLOOD_PER_MINUTE: z.coerce.number().int().min(1).default(defaultFloodPolicy.perMinute),
    VERDICT_FLOOD_FACTOR: z.coerce.number().min(1).default(defaultFloodPolicy.factor),
    /** Issuer of a cluster whose service accounts are let in with projected tokens; none are without it. */
    VERDICT_CLUSTER_ISSUER: z
      .string()
      .min(1)
      .refine((issuer) => issuer !== tokenIssuer, 'is the issuer of our own tokens')
      .optional(),
    /** JSON list of `{namespace, serviceAccount, roles}`: who of the cluster may do what. */
    VERDICT_CLUSTER_ACCOUNTS: ClusterAccounts.optional(),
    /** Audience that those tokens must be made for. */
    VERDICT_CLUSTER_AUDIENCE: z.string().min(1).default('verdict'),
    /** Where the issuer's keys are; found by OpenID discovery at the issuer without it. */
    VERDICT_CLUSTER_JWKS_URL: z.url({ protocol: /^https?$/ }).optional(),
    /** PEM certificates that the server of the keys is checked against, instead of the well-known ones. */
    VERDICT_CLUSTER_CA_FILE: z.string().min(1).optional(),
    /** Bearer token with which the keys are fetched: of our own service account, for the API server. */
    VERDICT_CLUSTER_TOKEN_FILE: z.string().min(1).optional(),
    ...oidcEnvironment,
    ...edgeEnvironment,
  })
  .superRefine(
    (config, context) => {
      const issue = (name: string, message: string) =>
        context.addIssue({ code: 'custom', path: [name], message });
      for (const { name, message } of [
        ...eventHubsProblems(config),
        ...databaseProblems(config),
        ...oidcProblems(config),
      ])
        issue(name, message);
      if (config.VERDICT_SIGNING_KEY_FILE === undefined && config.VERDICT_SIGNING_KEY === undefined)
        issue('VERDICT_SIGNING_KEY_FILE', 'needed, or VERDICT_SIGNING_KEY');
      if (config.VERDICT_SIGNING_KEY_FILE !== undefined && config.VERDICT_SIGNING_KEY !== undefined)
        issue('VERDICT_SIGNING_KEY', 'and VERDICT_SIGNING_KEY_FILE: one of them');
      if (config.VERDICT_CLUSTER_ISSUER === undefined) {
        for (const name of onlyWithIssuer)
          if (config[name] !== undefined) issue(name, 'means nothing without VERDICT_CLUSTER_ISSUER');
      } else if (config.VERDICT_CLUSTER_ACCOUNTS === undefined)
        issue('VERDICT_CLUSTER_ACCOUNTS', 'needed with VERDICT_CLUSTER_ISSUER');
      // Said together with everything else that is wrong.
    },
    { when: () => true },
  );
export type GatewayConfig = z.output<typeof GatewayConfig>;

/** Reads the configuration, or ends the process with a list of what is wrong with it. */
export function gatewayConfig(): GatewayConfig {
  return readConfig(GatewayConfig, process.env);
}
