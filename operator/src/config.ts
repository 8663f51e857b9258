import { readConfig } from '@verdict/process';
import { z } from 'zod';

const name = z
  .string()
  .max(63)
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'lower-case letters, digits and "-"');

/** What the operator reads from the environment. */
export const OperatorConfig = z.object({
  VERDICT_HOST: z.string().default('127.0.0.1'),
  /** Of metrics, health and state; 0 = any free one. */
  VERDICT_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  VERDICT_GATEWAY_URL: z.url(),
  /** File with a token for the gateway that Kubernetes keeps fresh; read for every request. */
  VERDICT_SERVICE_TOKEN_FILE: z.string().min(1),
  /** File with the PlatformSettings, as JSON: what detectors and trainings are given. */
  VERDICT_SETTINGS_FILE: z.string().min(1),
  /** Namespaces that are looked after, with commas in between; empty = all, for which a ClusterRole is needed. */
  VERDICT_NAMESPACES: z
    .string()
    .default('')
    .transform((text) => text.split(',').map((one) => one.trim()))
    .transform((names) => [...new Set(names.filter((one) => one !== ''))])
    .pipe(z.array(name)),
  /** The Lease by which replicas agree who acts. */
  VERDICT_LEASE_NAME: z.string().min(1).max(253).default('verdict-operator'),
  VERDICT_LEASE_NAMESPACE: name.default('default'),
  /** Name of the pod, for the Lease and Events; default: the name of this machine. */
  VERDICT_POD_NAME: z.string().min(1).max(253).optional(),
  /** Outside of a cluster: as kubectl knows it. */
  KUBECONFIG: z.string().optional(),
});
export type OperatorConfig = z.output<typeof OperatorConfig>;

/** Reads the environment; ends the process with every problem listed when it does not fit. */
export function readOperatorConfig(): OperatorConfig {
  return readConfig(OperatorConfig, process.env);
}
