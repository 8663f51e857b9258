import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { gatewaySettings } from './gateway-settings.ts';

/** Folder of the checkout. */
export const checkout = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));

const wrongPort = 'a port is a whole number from 1 to 65535';
const portNumber = z
  .string()
  .regex(/^\d{1,5}$/, wrongPort)
  .transform(Number)
  .pipe(z.number().min(1, wrongPort).max(65535, wrongPort));

/** What can be set from outside, all through the environment. */
export const StandaloneConfig = z.object({
  /** Address that the gateway listens on; everything else stays on 127.0.0.1. */
  VERDICT_HOST: z.string().min(1).default('127.0.0.1'),
  /** Names under which other machines reach the gateway, comma separated; `*` = any. */
  VERDICT_ALLOWED_HOSTS: z.string().default(''),
  /** What messages to others link to; the gateway's own address without it. */
  VERDICT_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** What inside our own networks webhooks may reach: see the gateway. */
  VERDICT_WEBHOOK_ALLOW: z.string().default(''),
  /** Port of the dashboard and the API. */
  VERDICT_PORT: portNumber.default(8080),
  /** Folder for everything that must outlive a stop. */
  VERDICT_DATA: z
    .string()
    .min(1)
    .default('.verdict')
    .transform((folder) => path.resolve(folder)),
  /** Password of the user `admin`; without it one is made at the first start. */
  VERDICT_ADMIN_PASSWORD: z.string().min(8, 'at least 8 characters').max(200).optional(),
  /** JSON file with the users beside `admin`: `[{"username","password","roles"}]`. */
  VERDICT_USERS_FILE: z
    .string()
    .min(1)
    .transform((file) => path.resolve(file))
    .optional(),
  /** Folder with AnomalyModel and DetectorPool manifests. */
  VERDICT_MANIFESTS: z
    .string()
    .min(1)
    .default(path.join(checkout, 'manifests/samples'))
    .transform((folder) => path.resolve(folder)),
  /** JSON file with the rules by which samples of Prometheus and OpenTelemetry become readings; else the defaults. */
  VERDICT_DOOR_RULES_FILE: z
    .string()
    .min(1)
    .transform((file) => path.resolve(file))
    .optional(),
  /** The demonstration shop: on, or off when only own data is wanted. */
  VERDICT_DEMO: z.enum(['on', 'off']).default('on'),
  /** The metrics of this computer: on or off. */
  VERDICT_HOST_METRICS: z.enum(['on', 'off']).default('on'),
  /** Partitions of the data hub; fixed once the data folder exists. */
  VERDICT_DATA_PARTITIONS: z.coerce.number().int().min(1).max(32).default(8),
  ...gatewaySettings,
  VERDICT_RETENTION_DAYS: z.coerce.number().int().min(1).max(36_500).default(30),
  VERDICT_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('info'),
});
export type StandaloneConfig = z.output<typeof StandaloneConfig>;
