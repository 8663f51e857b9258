import path from 'node:path';
import { z } from 'zod';
import { checkout } from '../config.ts';

const text = z.string().min(1);
const secretFile = text.optional();

/** What `workers` takes from its environment: where everything is that others run. */
export const WorkersConfig = z
  .object({
    /** Address and port of health and metrics. */
    VERDICT_HOST: text.default('127.0.0.1'),
    VERDICT_PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
    VERDICT_GATEWAY_URL: z.url({ protocol: /^https?$/ }),
    /** User of role service, and its password: as a value (App Service's reference to a vault) or as a file. */
    VERDICT_SERVICE_USER: text.default('service'),
    VERDICT_SERVICE_PASSWORD: text
      .refine(
        (secret) => !secret.startsWith('@Microsoft.KeyVault('),
        'App Service could not fetch it from the vault',
      )
      .optional(),
    VERDICT_SERVICE_PASSWORD_FILE: secretFile,
    VERDICT_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
    /** `entra`: the URL has no password, tokens of Microsoft Entra ID serve instead. */
    VERDICT_DATABASE_AUTH: z.enum(['password', 'entra']).default('password'),
    /** Host name of the event hubs' namespace, reached with an identity of Azure; or a connection string. */
    VERDICT_EVENT_HUBS_NAMESPACE: text.optional(),
    VERDICT_EVENT_HUBS_CONNECTION_STRING: text.optional(),
    VERDICT_DATA_HUB: text.default('data'),
    VERDICT_FEEDBACK_HUB: text.default('feedback'),
    VERDICT_FEEDBACK_CONSUMER_GROUP: text.default('retrainer'),
    VERDICT_BLOBS_URL: text,
    /** Key that signs versions, and the public ones that are believed; without them digests alone are checked. */
    VERDICT_ARTEFACT_KEY_FILE: secretFile,
    VERDICT_ARTEFACT_JWKS_FILE: secretFile,
    /** Folder with AnomalyModel and DetectorPool manifests. */
    VERDICT_MANIFESTS: text
      .default(path.join(checkout, 'manifests/samples'))
      .transform((folder) => path.resolve(folder)),
    /** Detectors of each pool, instead of what its manifest says (`replicas`). */
    VERDICT_DETECTORS: z.coerce.number().int().min(1).max(32).optional(),
    VERDICT_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('info'),
  })
  .superRefine(
    (config, context) => {
      for (const [one, other] of [
        ['VERDICT_SERVICE_PASSWORD', 'VERDICT_SERVICE_PASSWORD_FILE'],
        ['VERDICT_EVENT_HUBS_NAMESPACE', 'VERDICT_EVENT_HUBS_CONNECTION_STRING'],
      ] as const)
        if ((config[one] === undefined) === (config[other] === undefined))
          context.addIssue({ code: 'custom', path: [one], message: `this or ${other}, and not both` });
    },
    // Said together with everything else that is wrong.
    { when: () => true },
  );
export type WorkersConfig = z.output<typeof WorkersConfig>;
