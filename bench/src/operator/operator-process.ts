import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type KubeApi, settings, standInToken } from '@verdict/operator/testing';
import { operatorName } from './fake-cluster.ts';
import { type MetricSamples, parseMetrics } from './parse-metrics.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.resolve('@verdict/operator/testing')));

/** What `/debug/state` tells that is needed here. */
interface DebugState {
  readonly leading: boolean;
  readonly controllers: readonly { readonly inLine: number; readonly working: readonly string[] }[];
}

/** One that ends more often is broken. */
const mostRestarts = 5;

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** The real operator, as a process of its own; started anew when it ends by itself, as a kubelet does it. */
export class OperatorProcess {
  readonly #spawn: () => ChildProcess;
  readonly #log: string;
  #child: ChildProcess;
  #port: number | undefined;
  #stopping = false;
  /** How often it ended by itself, and was started anew. */
  restarts = 0;

  constructor(api: KubeApi, gatewayUrl: string) {
    const inFolder = (name: string): string => path.join(api.folder, name);
    writeFileSync(inFolder('settings.json'), JSON.stringify(settings));
    writeFileSync(inFolder('token'), standInToken);
    this.#log = inFolder('operator.log');
    const env = {
      PATH: process.env.PATH,
      KUBECONFIG: api.kubeconfigFor('operator', { token: api.auditedToken }),
      VERDICT_GATEWAY_URL: gatewayUrl,
      VERDICT_SERVICE_TOKEN_FILE: inFolder('token'),
      VERDICT_SETTINGS_FILE: inFolder('settings.json'),
      VERDICT_POD_NAME: operatorName,
      VERDICT_LOG_LEVEL: 'warn',
    };
    const options = process.env.VERDICT_BENCH_NODE_OPTIONS?.split(' ') ?? [];
    this.#spawn = () => {
      const log = openSync(this.#log, 'a');
      const child = spawn(process.execPath, [...options, main], { env, stdio: ['ignore', log, log, 'ipc'] });
      closeSync(log);
      running.add(child);
      child.on('message', (message: { port?: number }) => {
        this.#port = message.port;
      });
      child.on('exit', () => this.#ended(child));
      return child;
    };
    this.#child = this.#spawn();
  }

  #ended(child: ChildProcess): void {
    running.delete(child);
    this.#port = undefined;
    if (this.#stopping || this.restarts >= mostRestarts) return;
    this.restarts++;
    this.#child = this.#spawn();
  }

  /** Throws, with the end of its log, when it ends again and again. */
  assertRunning(): void {
    if (this.restarts < mostRestarts) return;
    throw new Error(`the operator ends again and again:\n${readFileSync(this.#log, 'utf8').slice(-2000)}`);
  }

  /** Whether all caches are filled. */
  async isReady(): Promise<boolean> {
    return (await this.#page('/readyz'))?.status === 200;
  }

  async state(): Promise<DebugState | undefined> {
    const answer = await this.#page('/debug/state');
    return answer?.ok ? ((await answer.json()) as DebugState) : undefined;
  }

  async metrics(): Promise<MetricSamples> {
    const answer = await this.#page('/metrics');
    if (!answer?.ok) throw new Error('the operator gives no metrics');
    return parseMetrics(await answer.text());
  }

  /** As Kubernetes ends it. Gives how long that took, ms. */
  async stop(): Promise<number> {
    const beganMs = performance.now();
    this.#stopping = true;
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = once(this.#child, 'exit', { signal: AbortSignal.timeout(15_000) });
      this.#child.kill('SIGTERM');
      await ended.catch(() => this.#child.kill('SIGKILL'));
    }
    return performance.now() - beganMs;
  }

  /** Undefined while it does not answer. */
  async #page(at: string): Promise<Response | undefined> {
    this.assertRunning();
    if (this.#port === undefined) return undefined;
    try {
      return await fetch(`http://127.0.0.1:${this.#port}${at}`, { signal: AbortSignal.timeout(10_000) });
    } catch (error) {
      this.assertRunning();
      if (error instanceof TypeError || (error instanceof Error && error.name === 'TimeoutError'))
        return undefined;
      throw error;
    }
  }
}
