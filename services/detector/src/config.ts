import { readConfig } from '@verdict/process';
import { databaseProblems } from '@verdict/storage';
import { eventHubsProblems } from '@verdict/streams';
import { z } from 'zod';

const name = z.string().regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'lower-case letters, digits and "-"');

/** What a detector reads from the environment. */
export const DetectorConfig = z
  .object({
    VERDICT_HOST: z.string().default('127.0.0.1'),
    /** 0 = any free port; the address goes into the membership, where the gateway finds it. */
    VERDICT_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
    /** Host name or address under which the gateway reaches this process; default: VERDICT_HOST. */
    VERDICT_ADVERTISED_HOST: z.string().optional(),
    VERDICT_DATABASE_URL: z.string(),
    /** `entra`: the URL has no password, tokens of Microsoft Entra ID serve instead. */
    VERDICT_DATABASE_AUTH: z.enum(['password', 'entra']).default('password'),
    /** Connection string of an emulator, or of a namespace. */
    VERDICT_EVENT_HUBS_CONNECTION_STRING: z.string().optional(),
    /** Instead of it: host name of the namespace (`name.servicebus.windows.net`), reached with an identity of Azure. */
    VERDICT_EVENT_HUBS_NAMESPACE: z.string().optional(),
    VERDICT_DATA_HUB: z.string().default('data'),
    /** `file:///path`, or a container of Azure Blob Storage: `https://account.blob.core.windows.net/container`. */
    VERDICT_BLOBS_URL: z.string(),
    /** JWK set of public keys: only versions that one of them signed are loaded. Absent: digests alone are checked. */
    VERDICT_ARTEFACT_JWKS_FILE: z.string().min(1).optional(),
    VERDICT_GATEWAY_URL: z.url(),
    VERDICT_NAMESPACE: name.default('default'),
    /** Name of the DetectorPool that this process belongs to. */
    VERDICT_POOL: name,
    /** Serve only partitions that are planned for this version. */
    VERDICT_PINNED_VERSION: z.coerce.number().int().nonnegative().optional(),
    /** So long the handover of partitions may take at a stop; absent = 8 s. Whoever stops us must wait as long. */
    VERDICT_DRAIN_SECONDS: z.coerce.number().int().min(1).max(3600).optional(),
    /** File with a token for the gateway that somebody keeps fresh, such as Kubernetes; read for every request. */
    VERDICT_SERVICE_TOKEN_FILE: z.string().optional(),
    /** Without such a file: a user of role service, and the file with its password. */
    VERDICT_SERVICE_USER: z.string().optional(),
    VERDICT_SERVICE_PASSWORD_FILE: z.string().optional(),
  })
  .superRefine(
    (config, context) => {
      const issue = (name: string, message: string) =>
        context.addIssue({ code: 'custom', path: [name], message });
      for (const { name, message } of [...eventHubsProblems(config), ...databaseProblems(config)])
        issue(name, message);
      const token = config.VERDICT_SERVICE_TOKEN_FILE !== undefined;
      for (const name of ['VERDICT_SERVICE_USER', 'VERDICT_SERVICE_PASSWORD_FILE'] as const) {
        if (token && config[name] !== undefined)
          issue(
            name,
            'must not be set together with VERDICT_SERVICE_TOKEN_FILE: one way to authenticate is enough',
          );
        if (!token && config[name] === undefined)
          issue(name, 'needed with its pair, unless there is a VERDICT_SERVICE_TOKEN_FILE');
      }
      // Said together with everything else that is wrong.
    },
    { when: () => true },
  );
export type DetectorConfig = z.output<typeof DetectorConfig>;

/** Reads the environment; ends the process with every problem listed when it does not fit. */
export function readDetectorConfig(): DetectorConfig {
  return readConfig(DetectorConfig, process.env);
}
