import { AwaitableSender } from 'rhea-promise';

/**
 * Mends a fault of the AMQP library (rhea-promise 3.0.3): when a send times out after its link is gone, the message
 * of the error asks for the link's address, which throws in a timer and so ends the process. With this a link
 * without an address simply has none, and the send is refused as a timeout. Doing it again changes nothing.
 */
export function mendLinkAddress(): void {
  let prototype: object | null = AwaitableSender.prototype;
  while (prototype !== null && !Object.hasOwn(prototype, 'address'))
    prototype = Object.getPrototypeOf(prototype);
  if (prototype === null) return;
  Object.defineProperty(prototype, 'address', {
    configurable: true,
    get(this: { source?: { address?: string }; target?: { address?: string } }) {
      return this.source?.address ?? this.target?.address;
    },
  });
}
