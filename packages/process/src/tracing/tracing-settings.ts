import { z } from 'zod';
import { parseConfig } from '../read-config.ts';

const text = z.string().default('');
const whole = z.coerce.number().int().positive().optional();

const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

/** The standard names of OpenTelemetry, as far as we, and not the exporter itself, have to obey them. */
const TracingEnvironment = z.object({
  OTEL_SDK_DISABLED: text,
  OTEL_TRACES_EXPORTER: z.enum(['', 'otlp', 'none']).default(''),
  OTEL_EXPORTER_OTLP_ENDPOINT: text,
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: text,
  /** Any collector takes JSON where it takes protobuf; gRPC is another port and another protocol. */
  OTEL_EXPORTER_OTLP_PROTOCOL: z.enum(['', 'http/json', 'http/protobuf']).default(''),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: z.enum(['', 'http/json', 'http/protobuf']).default(''),
  OTEL_TRACES_SAMPLER: z.enum(samplers).default('parentbased_always_on'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
  OTEL_BSP_SCHEDULE_DELAY: whole,
  OTEL_BSP_EXPORT_TIMEOUT: whole,
  OTEL_BSP_MAX_QUEUE_SIZE: whole,
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: whole,
});

/** What of traces is to be set up. */
export interface TracingSettings {
  readonly sampler: (typeof samplers)[number];
  /** Share of traces that are kept, 0 to 1; for samplers by ratio. */
  readonly ratio: number;
  /** Times in ms; undefined = the SDK's default. */
  readonly batch: {
    readonly scheduledDelayMillis: number | undefined;
    readonly exportTimeoutMillis: number | undefined;
    readonly maxQueueSize: number | undefined;
    readonly maxExportBatchSize: number | undefined;
  };
}

/** Null: no traces are wanted, for there is no endpoint, or somebody switched them off. Throws `ConfigError`. */
export function readTracingSettings(env: NodeJS.ProcessEnv): TracingSettings | null {
  const found = parseConfig(TracingEnvironment, env);
  const endpoint = found.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || found.OTEL_EXPORTER_OTLP_ENDPOINT;
  const off = found.OTEL_SDK_DISABLED.toLowerCase() === 'true' || found.OTEL_TRACES_EXPORTER === 'none';
  if (endpoint === '' || off) return null;
  return {
    sampler: found.OTEL_TRACES_SAMPLER,
    ratio: found.OTEL_TRACES_SAMPLER_ARG,
    batch: {
      scheduledDelayMillis: found.OTEL_BSP_SCHEDULE_DELAY,
      exportTimeoutMillis: found.OTEL_BSP_EXPORT_TIMEOUT,
      maxQueueSize: found.OTEL_BSP_MAX_QUEUE_SIZE,
      maxExportBatchSize: found.OTEL_BSP_MAX_EXPORT_BATCH_SIZE,
    },
  };
}
