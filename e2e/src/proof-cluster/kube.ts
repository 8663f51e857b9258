import { type Ended, endOf, outputOf } from './program.ts';

/** What we read of any object. */
export interface KubeObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly creationTimestamp: string;
    readonly deletionTimestamp?: string;
    readonly finalizers?: readonly string[];
  };
  // Each kind has its own.
  readonly spec?: unknown;
  readonly status?: unknown;
}

/** kubectl in one namespace. Everything rejects with kubectl's own words. */
export class Kube {
  readonly namespace: string;
  readonly #signal: AbortSignal | undefined;

  constructor(namespace: string, signal?: AbortSignal) {
    this.namespace = namespace;
    this.#signal = signal;
  }

  /** The same for tidying up, which goes on when the run is asked to end. */
  withoutSignal(): Kube {
    return new Kube(this.namespace);
  }

  text(args: readonly string[], timeoutMs?: number): Promise<string> {
    return outputOf('kubectl', this.#words(args), this.#options(timeoutMs));
  }

  /** For commands that may well fail. */
  attempt(args: readonly string[], options: { input?: string; timeoutMs?: number } = {}): Promise<Ended> {
    return endOf('kubectl', this.#words(args), { ...this.#options(options.timeoutMs), ...options });
  }

  async list(kinds: string, args: readonly string[] = []): Promise<readonly KubeObject[]> {
    const text = await this.text(['get', kinds, '--output=json', ...args]);
    return (JSON.parse(text) as { items: readonly KubeObject[] }).items;
  }

  /** The object, or null where there is none. */
  async find(kind: string, name: string): Promise<KubeObject | null> {
    const text = await this.text(['get', kind, name, '--output=json', '--ignore-not-found']);
    return text.trim() === '' ? null : (JSON.parse(text) as KubeObject);
  }

  async apply(...objects: readonly object[]): Promise<void> {
    const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
    await outputOf('kubectl', this.#words(['apply', '--filename=-']), { ...this.#options(), input });
  }

  #words(args: readonly string[]): string[] {
    return [`--namespace=${this.namespace}`, ...args];
  }

  #options(timeoutMs?: number) {
    return { ...(this.#signal ? { signal: this.#signal } : {}), ...(timeoutMs ? { timeoutMs } : {}) };
  }
}
