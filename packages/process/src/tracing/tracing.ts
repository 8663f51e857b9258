/** What is said of a span: low in number of values where it is a name, anything where it is a value. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** How a span came to be. */
export interface SpanOptions {
  /** `client`: we ask somebody; `server`, `consumer`: somebody asks us. Default `internal`. */
  readonly kind?: 'internal' | 'client' | 'server' | 'consumer' | 'producer';
  readonly attributes?: SpanAttributes;
  /**
   * The `traceparent` of a request or event that came from elsewhere, or null to begin a trace; default: the span that is
   * current.
   */
  readonly parent?: string | null | undefined;
  /** The `traceparent` of what else led to this. */
  readonly links?: readonly string[];
}

/** More of what led to a span is not said. */
const mostLinks = 64;

/**
 * How a span says what led to it, where that may be many things (the requests whose readings are in one batch): one goes
 * on in its trace; several are linked from a trace of its own.
 */
export function causedBy(traceParents: Iterable<string | undefined>): Pick<SpanOptions, 'parent' | 'links'> {
  const known = new Set<string>();
  for (const traceParent of traceParents) if (traceParent !== undefined) known.add(traceParent);
  const [first] = known;
  if (first === undefined) return { parent: null };
  return known.size === 1 ? { parent: first } : { parent: null, links: [...known].slice(0, mostLinks) };
}

/** A span while it lasts. */
export interface Span {
  set(attributes: SpanAttributes): void;
}

/** W3C trace context, as a header of a request or a property of an event. */
export interface TraceHeaders {
  readonly traceparent?: string;
}

/** Traces of what a process does: a tree of spans for each thing. */
export interface Tracing {
  /** False: everything below does nothing. */
  readonly on: boolean;
  /** Runs `act` in a span, a child of the current one. What it throws is noted in the span and passed on. */
  span<T>(name: string, options: SpanOptions, act: (span: Span) => Promise<T>): Promise<T>;
  /** Headers (W3C trace context) by which whoever is asked continues the current trace; none without one. */
  headers(): TraceHeaders;
  /** Sends what is left, for at most a second or two. */
  close(): Promise<void>;
}

const nowhere: Span = { set: () => undefined };

/** Where nobody wants traces. */
export const noTracing: Tracing = {
  on: false,
  span: (_name, _options, act) => act(nowhere),
  headers: () => ({}),
  close: async () => undefined,
};
