export type { Credentials } from './access-token.ts';
export { createPlatformClient, type PlatformClient, type PlatformClientOptions } from './platform-client.ts';
export { PlatformAnswerUnexpected, PlatformRefused, PlatformUnavailable } from './platform-error.ts';
export type { ClientClock, RetryPolicy } from './retry-policy.ts';
