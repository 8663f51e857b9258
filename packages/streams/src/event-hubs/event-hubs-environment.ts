import type { TokenCredential } from '@azure/event-hubs';

/** How an environment says where the hubs are, and as whom one comes. */
export interface EventHubsEnvironment {
  /** Of an emulator, or a namespace's. */
  readonly VERDICT_EVENT_HUBS_CONNECTION_STRING?: string | undefined;
  /** Host name of the namespace, for an identity of Azure: `name.servicebus.windows.net`. */
  readonly VERDICT_EVENT_HUBS_NAMESPACE?: string | undefined;
}

/** A namespace of event hubs, with a key of its own or with an identity that has a role in it. */
export type EventHubsNamespace =
  | { readonly connectionString: string }
  | { readonly namespace: string; readonly credential: TokenCredential };

const hostName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+$/i;

/** What is wrong with an environment, by variable; empty when exactly one way is given. */
export function eventHubsProblems(environment: EventHubsEnvironment): { name: string; message: string }[] {
  const { VERDICT_EVENT_HUBS_CONNECTION_STRING: connectionString, VERDICT_EVENT_HUBS_NAMESPACE: namespace } =
    environment;
  if (namespace === undefined) {
    if (connectionString !== undefined) return [];
    const message = 'needed, or VERDICT_EVENT_HUBS_NAMESPACE to come with an identity of Azure';
    return [{ name: 'VERDICT_EVENT_HUBS_CONNECTION_STRING', message }];
  }
  const name = 'VERDICT_EVENT_HUBS_NAMESPACE';
  if (connectionString !== undefined)
    return [
      {
        name,
        message:
          'must not be set together with VERDICT_EVENT_HUBS_CONNECTION_STRING: one way to the hubs is enough',
      },
    ];
  return hostName.test(namespace)
    ? []
    : [{ name, message: 'must be a host name such as name.servicebus.windows.net' }];
}

/** The namespace that an environment without problems names; `credential` is used where it has no key. */
export function eventHubsNamespace(
  environment: EventHubsEnvironment,
  credential: TokenCredential,
): EventHubsNamespace {
  const [problem] = eventHubsProblems(environment);
  if (problem) throw new TypeError(`${problem.name}: ${problem.message}`);
  const {
    VERDICT_EVENT_HUBS_CONNECTION_STRING: connectionString,
    VERDICT_EVENT_HUBS_NAMESPACE: namespace = '',
  } = environment;
  return connectionString === undefined ? { namespace, credential } : { connectionString };
}
