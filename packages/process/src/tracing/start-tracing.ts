import type { Logger } from '../logger.ts';
import { noTracing, type Tracing } from './tracing.ts';
import { readTracingSettings } from './tracing-settings.ts';

/** Who traces. */
export interface TracingIdentity {
  /** Unless OTEL_SERVICE_NAME says otherwise: `verdict-operator`. */
  readonly serviceName: string;
  /** Which one of several: the name of the pod. */
  readonly instance: string;
  readonly logger: Logger;
}

/**
 * Traces as the standard environment variables of OpenTelemetry say, by OTLP over HTTP. Without an endpoint nothing of it
 * is even loaded. Throws `ConfigError` when a variable does not fit.
 */
export async function startTracing(
  identity: TracingIdentity,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Tracing> {
  const settings = readTracingSettings(env);
  if (settings === null) return noTracing;
  const { openTelemetryTracing } = await import('./open-telemetry-tracing.ts');
  return openTelemetryTracing(identity, settings);
}
