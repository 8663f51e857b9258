import { readFileSync } from 'node:fs';
import { problemErrors } from '@verdict/contracts';
import { StartError } from '@verdict/process';
import { z } from 'zod';
import type { PlatformSettings } from './resources/platform-settings.ts';

const filled = z.string().min(1);
const image = z.strictObject({ image: filled, pullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']) });
const secretKey = z.strictObject({ name: filled, key: filled });
/** An object of Kubernetes that goes into pods as it is: the API server checks it. */
const given = <T>() =>
  z.custom<T>((value) => typeof value === 'object' && value !== null && !Array.isArray(value));
type Volumes = PlatformSettings['volumes'][number];
const authentication = filled.optional();
const placement = z.strictObject({
  nodeSelector: z.record(z.string(), z.string()),
  tolerations: z.array(given<PlatformSettings['placement']['detector']['tolerations'][number]>()),
  priorityClassName: z.string(),
});

/** `PlatformSettings` as they stand in the file that the installation writes. */
export const SettingsFile: z.ZodType<PlatformSettings> = z.strictObject({
  images: z.strictObject({ detector: image, retrainer: image }),
  imagePullSecrets: z.array(filled),
  serviceAccounts: z.strictObject({ detector: filled, retrainer: filled }),
  workloadIdentity: z.boolean(),
  gatewayUrl: z.url(),
  databaseUrl: z.union([secretKey, z.strictObject({ detector: filled, training: filled })]),
  eventHubs: z.union([
    z.strictObject({ connectionString: secretKey, dataHub: filled }),
    z.strictObject({ namespace: filled, dataHub: filled }),
  ]),
  blobsUrl: z.union([filled, secretKey]),
  tracing: z
    .strictObject({
      endpoint: z.url(),
      headers: z.nullable(secretKey).default(null),
      sampler: z.string().default(''),
      samplerArgument: z.number().min(0).max(1).nullable().default(null),
      resourceAttributes: z.record(z.string(), z.string()).default({}),
    })
    .nullable()
    .default(null),
  artefacts: z
    .strictObject({
      publicKeys: z.nullable(secretKey).default(null),
      signingKey: z.nullable(secretKey).default(null),
    })
    // Detectors would load nothing that a training publishes.
    .refine(({ publicKeys, signingKey }) => publicKeys === null || signingKey !== null, {
      path: ['signingKey'],
      message: 'needed together with publicKeys',
    })
    .prefault({}),
  volumes: z.array(z.strictObject({ volume: given<Volumes['volume']>(), mount: given<Volumes['mount']>() })),
  environment: z.array(given<PlatformSettings['environment'][number]>()),
  placement: z.strictObject({ detector: placement, training: placement }),
  lagSource: z.nullable(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('prometheus'), serverAddress: z.url(), authentication }),
      z.strictObject({ kind: z.literal('metrics-api'), url: z.url(), authentication }),
    ]),
  ),
  logLevel: filled,
});

/** Reads the settings of an installation. Throws `StartError` that names every problem. */
export function readSettings(file: string): PlatformSettings {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new StartError(
      `The settings ${file} cannot be read: ${error instanceof Error ? error.message : error}`,
    );
  }
  const parsed = SettingsFile.safeParse(content);
  if (parsed.success) return parsed.data;
  const problems = problemErrors(parsed.error, 10).map(({ field, message }) => `${field}: ${message}`);
  throw new StartError(`The settings ${file} do not fit: ${problems.join('; ')}`);
}
