export type { Credentials } from './access-token.ts';
export { type ClientClock, machineClock } from './client-clock.ts';
export { type ConnectionOptions, endLogIn, renewToken, requestToken } from './connection.ts';
export { createPlatformClient, type PlatformClient, type PlatformClientOptions } from './platform-client.ts';
export { PlatformAnswerUnexpected, PlatformRefused, PlatformUnavailable } from './platform-error.ts';
export type { Retry, RetryPolicy } from './retry-policy.ts';
export { tokenFile } from './token-file.ts';
