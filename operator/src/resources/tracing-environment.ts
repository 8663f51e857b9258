import type { V1EnvVar } from '@kubernetes/client-node';
import type { Wire } from '../kube/wire.ts';
import type { PlatformSettings } from './platform-settings.ts';
import { fieldVariable, secretVariable, variable } from './pod-variables.ts';

/** Who traces, as far as Kubernetes and not the process knows. */
export interface TracedPod {
  /** `service.name`. */
  readonly service: string;
  readonly namespace: string;
  /** What else is said of it: `verdict.pool`. */
  readonly attributes: Readonly<Record<string, string | number>>;
}

/** Its name is a variable too, since attributes of Kubernetes are put into others by name alone. */
const podName = 'VERDICT_POD_NAME';

/** `OTEL_*` of a pod, where traces are wanted; names of the semantic conventions for Kubernetes. */
export function tracingEnvironment(
  { tracing }: PlatformSettings,
  { service, namespace, attributes }: TracedPod,
): Wire<V1EnvVar>[] {
  if (tracing === null) return [];
  const { endpoint, headers, sampler, samplerArgument, resourceAttributes } = tracing;
  const told = { ...resourceAttributes, 'k8s.namespace.name': namespace, ...attributes };
  const pairs = Object.entries(told).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return [
    variable('OTEL_EXPORTER_OTLP_ENDPOINT', endpoint),
    ...(headers === null ? [] : [secretVariable('OTEL_EXPORTER_OTLP_HEADERS', headers)]),
    ...(sampler === '' ? [] : [variable('OTEL_TRACES_SAMPLER', sampler)]),
    ...(samplerArgument === null ? [] : [variable('OTEL_TRACES_SAMPLER_ARG', samplerArgument)]),
    variable('OTEL_SERVICE_NAME', service),
    fieldVariable(podName, 'metadata.name'),
    // After the variable that it names.
    variable('OTEL_RESOURCE_ATTRIBUTES', [...pairs, `k8s.pod.name=$(${podName})`].join(',')),
  ];
}
