import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  DiagLogLevel,
  diag,
  type Span as OpenTelemetrySpan,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  detectResources,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
  serviceNameEnvDetector,
} from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Logger } from '../logger.ts';
import type { TracingIdentity } from './start-tracing.ts';
import { readTraceParent, traceParentOf } from './trace-parent.ts';
import type { SpanOptions, TraceHeaders, Tracing } from './tracing.ts';
import type { TracingSettings } from './tracing-settings.ts';

/** A collector that is away must not hold up the end of a process. */
const closeMs = 1500;

const kinds = {
  internal: SpanKind.INTERNAL,
  client: SpanKind.CLIENT,
  server: SpanKind.SERVER,
  consumer: SpanKind.CONSUMER,
  producer: SpanKind.PRODUCER,
} as const;

/**
 * Traces by OpenTelemetry. Nothing of it is global: which span is current is kept here, so that two of them in one
 * process (tests) do not meet. Endpoint, headers, time-out and compression the exporter reads from the environment.
 */
export function openTelemetryTracing(identity: TracingIdentity, settings: TracingSettings): Tracing {
  const { serviceName, instance, logger } = identity;
  sayTroubles(logger);
  const ours = resourceFromAttributes({ 'service.name': serviceName, 'service.instance.id': instance });
  const detectors = [resourceAttributesEnvDetector, serviceNameEnvDetector];
  const provider = new TracerProvider({
    resource: ours.merge(detectResources({ detectors })),
    sampler: samplerOf(settings),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter(), ...given(settings.batch) })],
  });
  const tracer = provider.getTracer('verdict');
  const current = new AsyncLocalStorage<Context>();

  function begin(name: string, { kind = 'internal', attributes = {}, parent, links = [] }: SpanOptions) {
    const remote = typeof parent === 'string' ? readTraceParent(parent) : undefined;
    const inherited = parent === null ? ROOT_CONTEXT : (current.getStore() ?? ROOT_CONTEXT);
    const around = remote ? trace.setSpanContext(ROOT_CONTEXT, remote) : inherited;
    const linked = links.flatMap((link) => {
      const context = readTraceParent(link);
      return context === undefined ? [] : [{ context }];
    });
    const options = { kind: kinds[kind], attributes: { ...attributes }, links: linked };
    const span = tracer.startSpan(name, options, around);
    return { span, context: trace.setSpan(around, span) };
  }

  return {
    on: true,
    async span(name, options, act) {
      const { span, context } = begin(name, options);
      try {
        return await current.run(context, () =>
          act({ set: (attributes) => void span.setAttributes({ ...attributes }) }),
        );
      } catch (error) {
        noteFailure(span, error);
        throw error;
      } finally {
        span.end();
      }
    },
    headers: (): TraceHeaders => {
      const span = trace.getSpanContext(current.getStore() ?? ROOT_CONTEXT);
      return span === undefined ? {} : { traceparent: traceParentOf(span) };
    },
    close: async () => {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, closeMs);
      });
      const closed = provider
        .shutdown()
        .catch((error) => logger.warn({ err: error }, 'the last traces are lost'));
      await Promise.race([closed, late]);
      clearTimeout(timer);
    },
  };
}

function noteFailure(span: OpenTelemetrySpan, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  span.recordException(error instanceof Error ? error : message);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}

function samplerOf({ sampler, ratio }: TracingSettings): Sampler {
  const name = sampler.replace('parentbased_', '');
  const root =
    name === 'always_off'
      ? new AlwaysOffSampler()
      : name === 'traceidratio'
        ? new TraceIdRatioBasedSampler(ratio)
        : new AlwaysOnSampler();
  return name === sampler ? root : new ParentBasedSampler({ root });
}

/** Only what is set: the SDK takes an undefined for a value. */
function given<T extends object>(options: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };
}

/** What the SDK has to say, such as that the collector is away. */
function sayTroubles(logger: Logger): void {
  const say = (level: 'warn' | 'error') => (message: string) =>
    logger[level]({ traces: message }, 'OpenTelemetry');
  const quiet = (): void => undefined;
  diag.setLogger(
    { error: say('warn'), warn: say('warn'), info: quiet, debug: quiet, verbose: quiet },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
}
