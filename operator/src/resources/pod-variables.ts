import type { V1EnvVar } from '@kubernetes/client-node';
import type { Wire } from '../kube/wire.ts';
import type { SecretKey } from './platform-settings.ts';

type EnvVar = Wire<V1EnvVar>;

/** An environment variable with a value of its own. */
export function variable(name: string, value: string | number): EnvVar {
  return { name, value: String(value) };
}

/** An environment variable out of a Secret. */
export function secretVariable(name: string, { name: secret, key }: SecretKey): EnvVar {
  return { name, valueFrom: { secretKeyRef: { name: secret, key } } };
}

/** An environment variable that says something of the pod itself, such as `status.podIP`. */
export function fieldVariable(name: string, fieldPath: string): EnvVar {
  return { name, valueFrom: { fieldRef: { fieldPath } } };
}
