/**
 * How every process of Verdict lives.
 *
 *   readConfig(schema, env)                  validated environment; every problem at once, exit code 2
 *   parseConfig(schema, env)                 the same, but throws ConfigError
 *   createLogger({ name, level? })           pino, JSON lines on stderr
 *   runProcess(name, start)                  start({ logger, clock, signal, requestStop(exitCode?), crash(error) })
 *                                            resolves to stop(); signals, two-stage stop, exit codes
 *   @verdict/process/end-signals             how programs end that are no such process, such as measurements:
 *                                            abortOnSignal(tell?): AbortSignal, exitOnSignal(), onEndSignal(asked)
 *   announceListening(port)                  { type: 'listening', port } to the parent over IPC
 *   backOff({ firstMs, maxMs, random? })     { nextMs(), reset() }
 *   systemClock: Clock                       nowMs(), monotonicMs(), sleep(ms, signal?)
 *   createMetrics()                          prom-client Registry; Counter, Gauge, Histogram re-exported
 *   startTracing({ serviceName, instance, logger }, env?): Promise<Tracing>
 *                                            spans by OTLP/HTTP as OTEL_* say; off, and not even loaded, without them
 *     tracing.span(name, { kind?, attributes?, parent? }, act), headers(), close(); noTracing for tests
 *   StartError(sentence)                     cannot start, for a reason the user can mend
 *   RecentMap<K, V>(most)                    a bounded map: what was set longest ago is forgotten first
 *
 * The HTTP edge (Express 5):
 *
 *   defineRoute({ method, path: '/series/{key}', summary, roles: [...] | 'public', params?, query?, body?,
 *                 response, status?, problems?, maxBodyBytes?, admit?, onInvalid?, handler }): Route
 *     handler({ params, query, body, caller, headers, address, bodyBytes, setHeader }) → the response body
 *   defineRawRoute({ …, raw: { contentTypes, problem? }, handler }): Route       a protocol that is not ours: the
 *                                            handler gets the bytes as they came and gives { status, body?, … }
 *   createHttpApp({ name, routes, verifyToken, metrics, logger, health?, guard?, problemOf?, pages? }): Express
 *     health: { database: async () => {…throws the reason…} } for /readyz
 *   new HttpProblem(status, { detail?, errors?, retryAfterSeconds?, headers? })   thrown by handlers
 *     corsOrigins?, trustedProxies?, rateLimits? say who else may call, and how often; the sizes are `edgeLimits`
 *   createEdgeServer(app, serverOptions?)    a server with limits on headers and time that refuses in problem+json
 *   listen(createEdgeServer(app), { host, port }) → { port, url, close(graceMs?) }    throws StartError
 *   tokenVerifier({ jwksUrl } | { keySet }, with issuer?, audience?): VerifyToken
 *     (token) → Caller { name, roles, expiresAtMs }; throws TokenRefused, KeysUnavailable
 *   hostGuard(extraHosts?, origins?) → { hostAllowed(host), originAllowed(origin) }
 */
export * from './announce-listening.ts';
export * from './back-off.ts';
export * from './clock.ts';
export * from './http/caller.ts';
export * from './http/create-http-app.ts';
export * from './http/edge-limits.ts';
export * from './http/edge-server.ts';
export * from './http/host-guard.ts';
export * from './http/http-problem.ts';
export { assertShallow } from './http/json-body.ts';
export * from './http/listen.ts';
export * from './http/problem-answer.ts';
export type { RateLimits } from './http/rate-limits.ts';
export type { RawAnswer, RawProblem } from './http/raw-answer.ts';
export * from './http/readiness.ts';
export * from './http/route.ts';
export * from './http/token-verifier.ts';
export * from './logger.ts';
export * from './metrics.ts';
export * from './read-config.ts';
export * from './recent-map.ts';
export * from './run-process.ts';
export * from './start-error.ts';
export * from './tracing/start-tracing.ts';
export * from './tracing/tracing.ts';
export { withoutSecrets } from './without-secrets.ts';
