import { readConfig } from '@verdict/process';
import { z } from 'zod';

const name = z.string().regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'lower-case letters, digits and "-"');

/** What a detector reads from the environment. */
export const DetectorConfig = z.object({
  VERDICT_HOST: z.string().default('127.0.0.1'),
  /** 0 = any free port; the address goes into the membership, where the gateway finds it. */
  VERDICT_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  /** Host name or address under which the gateway reaches this process; default: VERDICT_HOST. */
  VERDICT_ADVERTISED_HOST: z.string().optional(),
  VERDICT_DATABASE_URL: z.string(),
  VERDICT_EVENT_HUBS_CONNECTION_STRING: z.string(),
  VERDICT_DATA_HUB: z.string().default('data'),
  /** `file:///path`. */
  VERDICT_BLOBS_URL: z.string(),
  VERDICT_GATEWAY_URL: z.url(),
  VERDICT_NAMESPACE: name.default('default'),
  /** Name of the DetectorPool that this process belongs to. */
  VERDICT_POOL: name,
  /** Serve only partitions that are planned for this version. */
  VERDICT_PINNED_VERSION: z.coerce.number().int().nonnegative().optional(),
  VERDICT_SERVICE_USER: z.string(),
  VERDICT_SERVICE_PASSWORD_FILE: z.string(),
});
export type DetectorConfig = z.output<typeof DetectorConfig>;

/** Reads the environment; ends the process with every problem listed when it does not fit. */
export function readDetectorConfig(): DetectorConfig {
  return readConfig(DetectorConfig, process.env);
}
