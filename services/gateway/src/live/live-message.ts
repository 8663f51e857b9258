import type { ServerToClient } from '@verdict/contracts';

/** A message to every connection. */
export type LiveMessage = {
  [Event in Exclude<keyof ServerToClient, 'readings'>]: {
    readonly event: Event;
    readonly message: Parameters<ServerToClient[Event]>[0];
  };
}[Exclude<keyof ServerToClient, 'readings'>];
