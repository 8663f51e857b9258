import type { Clock } from '@verdict/process';
import { type OperatorLife, startOperator } from './operator-life.fixture.ts';
import { gatewayPlatform } from './platform/gateway-platform.ts';
import { type FaultProxy, type ProxiedRequest, startFaultProxy } from './testing/fault-proxy.ts';
import type { KubeApi } from './testing/start-kube-api.ts';

/** The operator is killed right before its nth write is done (from 1), or right after; to whichever side it goes. */
export interface CrashPlan {
  readonly write: number;
  readonly when: 'before' | 'after';
}

export interface CrashLivesOptions {
  readonly api: KubeApi;
  readonly gatewayUrl: string;
  /** File with the token for the gateway. */
  readonly tokenFile: string;
  readonly namespace: string;
  readonly clock: Clock;
}

/** One life of an operator: all that it says goes through two proxies that die with it. */
interface Life {
  readonly operator: OperatorLife;
  readonly proxies: readonly FaultProxy[];
  readonly alive: AbortController;
}

/**
 * An operator between two HTTP proxies, one in front of the API server and one in front of the platform, that is killed
 * once and started again. When it dies both proxies do: of what it still tries nothing arrives, and no answer comes.
 */
export class CrashLives {
  readonly #options: CrashLivesOptions;
  #life: Life | undefined;
  #restarted: Promise<void> | undefined;
  #plan: CrashPlan | null = null;
  readonly #numbers = new WeakMap<ProxiedRequest, number>();
  /** Writes since `arm`. */
  writes = 0;
  /** Since the beginning. */
  jobsCreated = 0;

  constructor(options: CrashLivesOptions) {
    this.#options = options;
  }

  get crashed(): boolean {
    return this.#restarted !== undefined;
  }

  /** Starts an operator. */
  async begin(): Promise<void> {
    const { api, gatewayUrl, tokenFile, namespace, clock } = this.#options;
    const [kube, gateway] = await Promise.all(
      [api.url, gatewayUrl].map((target) => startFaultProxy({ target })),
    );
    if (!kube || !gateway) throw new Error('two proxies were started');
    const alive = new AbortController();
    const proxies = [kube, gateway];
    for (const proxy of proxies) {
      proxy.plan((request) => (this.#dies('before', request, alive) ? { kind: 'reset' } : undefined));
      proxy.onAnswer((request, status) => {
        if (status === 201 && isJob(request)) this.jobsCreated += 1;
        // Its answer goes nowhere: the proxy ends with the operator.
        this.#dies('after', request, alive);
      });
    }
    const leadership = { signal: alive.signal, holds: () => !alive.signal.aborted };
    const operator = startOperator({
      kubeconfig: api.kubeconfigFor(`${namespace}-${kube.url.split(':').at(-1)}`, { server: kube.url }),
      platform: gatewayPlatform({
        url: gateway.url,
        tokenFile,
        clock,
        signal: alive.signal,
        mayWrite: leadership.holds,
      }),
      clock,
      namespaces: [namespace],
      leadership,
    });
    this.#life = { operator, proxies, alive };
  }

  /** From now on writes count, and the plan holds. */
  arm(plan: CrashPlan | null): void {
    this.writes = 0;
    this.#plan = plan;
  }

  async end(): Promise<void> {
    // What is written while it stops kills nobody: who would then be started would never end.
    this.#plan = null;
    await this.#restarted;
    await this.#life?.operator.stop();
    for (const proxy of this.#life?.proxies ?? []) await proxy.close();
  }

  /** Whether who asks is dead: by now, or since long. */
  #dies(when: CrashPlan['when'], request: ProxiedRequest, alive: AbortController): boolean {
    if (alive.signal.aborted) return true;
    if (!request.write) return false;
    if (when === 'before') this.#numbers.set(request, ++this.writes);
    const isIt = this.#plan?.when === when && this.#plan.write === this.#numbers.get(request);
    if (this.crashed || !isIt) return false;
    this.#kill();
    return true;
  }

  #kill(): void {
    const life = this.#life;
    if (life === undefined) return;
    life.alive.abort(new Error('killed'));
    life.operator.kill();
    this.#restarted = Promise.all(life.proxies.map((proxy) => proxy.close())).then(() => this.begin());
  }
}

function isJob({ method, path }: ProxiedRequest): boolean {
  return method === 'POST' && /\/jobs(\?|$)/.test(path);
}
