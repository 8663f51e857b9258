import type { Clock } from '@verdict/process';
import type { KubeReader, KubeWriter, RequestOptions } from '../kube/kube-client.ts';
import { isAlreadyExists, isConflict } from '../kube/kube-error.ts';
import { type Lease, leaseKind } from '../kube/lease.ts';
import { microTime } from '../kube/micro-time.ts';

export interface LeaseLockOptions {
  readonly client: Pick<KubeReader & KubeWriter, 'get' | 'create' | 'replace'>;
  readonly namespace: string;
  readonly name: string;
  /** Of this process and no other, ever: a restarted one must not take itself for the old. */
  readonly identity: string;
  readonly leaseMs: number;
  readonly clock: Clock;
}

/**
 * A Lease of the API server as a lock. Nobody's clock is believed but our own: how long a holder has been silent is
 * measured from when *we* saw its record change last, so skewed clocks do no harm.
 */
export class LeaseLock {
  readonly #options: LeaseLockOptions;
  #seen: Lease | undefined;
  #seenAtMs = 0;

  constructor(options: LeaseLockOptions) {
    this.#options = options;
  }

  /** Who held it when we looked last; undefined: nobody. */
  get holder(): string | undefined {
    return this.#seen?.spec?.holderIdentity || undefined;
  }

  /** Takes or renews the lock: true if it is ours now. Rejects with KubeError when the server cannot be asked. */
  async hold(limit: { readonly signal: AbortSignal; readonly timeoutMs: number }): Promise<boolean> {
    const options = { ...limit, maxRetries: 0 };
    // A holder may write on what it saw last; when somebody else has written, that is refused.
    if (this.holder !== this.#options.identity) await this.#look(options);
    if (this.#isHeldByAnother()) return false;
    try {
      await this.#write(this.#options.identity, options);
      return true;
    } catch (error) {
      if (!isConflict(error) && !isAlreadyExists(error)) throw error;
      await this.#look(options);
    }
    // Still ours: it was our own write, whose answer was lost, or somebody touched a label.
    if (this.holder !== this.#options.identity) return false;
    await this.#write(this.#options.identity, options);
    return true;
  }

  /** Gives the lock back, if it is still ours, so that the next one need not wait. */
  async release(limit: { readonly signal?: AbortSignal; readonly timeoutMs: number }): Promise<void> {
    const { identity } = this.#options;
    const options = { ...limit, maxRetries: 1 };
    for (let tries = 0; tries < 2 && this.holder === identity; tries++)
      try {
        return await this.#write('', options);
      } catch (error) {
        if (!isConflict(error)) throw error;
        // A renewal whose answer nobody waited for, or another holder.
        await this.#look(options);
      }
  }

  async #write(holder: string, options: RequestOptions): Promise<void> {
    const { client } = this.#options;
    const record = this.#record(holder);
    const known = this.#seen !== undefined;
    this.#see(
      await (known ? client.replace(leaseKind, record, options) : client.create(leaseKind, record, options)),
    );
  }

  async #look(options: RequestOptions): Promise<void> {
    const { client, namespace, name } = this.#options;
    const lease = await client.get(leaseKind, { namespace, name }, options);
    if (lease === undefined) this.#seen = undefined;
    else this.#see(lease);
  }

  #see(lease: Lease): void {
    if (lease.metadata.resourceVersion === this.#seen?.metadata.resourceVersion) return;
    this.#seen = lease;
    this.#seenAtMs = this.#options.clock.monotonicMs();
  }

  #isHeldByAnother(): boolean {
    const { identity, clock, leaseMs } = this.#options;
    if (this.holder === undefined || this.holder === identity) return false;
    return clock.monotonicMs() < this.#seenAtMs + leaseMs;
  }

  /** The Lease as it is to be written; with the version that was seen, so that it replaces nothing else. */
  #record(holder: string): Lease {
    const { namespace, name, clock, leaseMs } = this.#options;
    const now = microTime(clock.nowMs());
    const before = this.#seen?.spec;
    const stays = holder === '' || before?.holderIdentity === holder;
    return {
      apiVersion: leaseKind.apiVersion,
      kind: leaseKind.kind,
      metadata: this.#seen?.metadata ?? { namespace, name },
      spec: {
        ...before,
        holderIdentity: holder,
        leaseDurationSeconds: holder === '' ? 1 : Math.ceil(leaseMs / 1000),
        acquireTime: stays ? (before?.acquireTime ?? now) : now,
        renewTime: now,
        leaseTransitions: (before?.leaseTransitions ?? 0) + (stays || before === undefined ? 0 : 1),
      },
    };
  }
}
