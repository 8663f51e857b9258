import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '@verdict/storage/free-ports';

/** A way from this machine to the gateway. */
export interface GatewayDoor {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Forwards one port of this machine to the gateway for as long as it is open. kubectl stays with one pod, and ends
 * with it: then it is started anew, on the same port.
 */
export async function openGatewayDoor(namespace: string, service: string): Promise<GatewayDoor> {
  const [port = 0] = await freePorts(1);
  const args = [`--namespace=${namespace}`, 'port-forward', `service/${service}`, `${port}:8080`];
  let closing = false;
  let child: ChildProcess | undefined;
  const endWithUs = (): void => void child?.kill();
  process.on('exit', endWithUs);
  const live = async (): Promise<void> => {
    while (!closing) {
      child = spawn('kubectl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
      const current = child;
      // It goes on after a connection that its pod refused, with a pod that is gone.
      current.stderr?.setEncoding('utf8').on('data', (text: string) => {
        if (/lost connection|error forwarding/i.test(text)) current.kill();
      });
      await new Promise<void>((resolve) => {
        current.on('error', () => resolve());
        current.on('close', () => resolve());
      });
      if (!closing) await sleep(300);
    }
  };
  const ended = live();
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      closing = true;
      child?.kill();
      await ended;
      process.off('exit', endWithUs);
    },
  };
}
