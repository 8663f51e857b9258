import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Emulator, startEmulator } from '@verdict/event-hubs-emulator';
import type { Database } from '@verdict/storage';
import { type EventSink, openEventHubs } from '@verdict/streams';

/** Feedback hubs of two partitions for the tests of a file, and `retrainer feedback` on them as processes. */
export function retrainerTest(hubs: readonly string[]) {
  const children: ChildProcess[] = [];
  let folder = '';
  let emulator: Emulator;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'verdict-feedback-'));
    emulator = await startEmulator({
      dataFolder: folder,
      hubs: hubs.map((name) => ({ name, partitions: 2, consumerGroups: ['retrainer'] })),
    });
  });
  after(async () => {
    for (const child of children) child.kill('SIGKILL');
    await emulator.stop();
    await rm(folder, { recursive: true });
  });

  const openHub = (hub: string) => openEventHubs({ connectionString: emulator.connectionString, hub });

  /** Resolves when the process serves. */
  const startProcess = async (db: Database, hub: string) => {
    const main = fileURLToPath(new URL('../main.ts', import.meta.url));
    const child = spawn(process.execPath, [main, 'feedback'], {
      env: {
        PATH: process.env.PATH,
        VERDICT_DATABASE_URL: db.url,
        VERDICT_EVENT_HUBS_CONNECTION_STRING: emulator.connectionString,
        VERDICT_FEEDBACK_HUB: hub,
        VERDICT_LOG_LEVEL: 'warn',
      },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    children.push(child);
    const listening = once(child, 'message', { signal: AbortSignal.timeout(30_000) });
    const [message] = (await listening) as [{ port: number }];
    const end = async (signal: NodeJS.Signals): Promise<number | null> => {
      const exited = once(child, 'exit');
      child.kill(signal);
      return (await exited)[0];
    };
    const metrics = async () => (await fetch(`http://127.0.0.1:${message.port}/metrics`)).text();
    return { port: message.port, end, metrics };
  };

  const withSink = async (hub: string, work: (sink: EventSink) => Promise<void>): Promise<void> => {
    const sink = openHub(hub).sink();
    try {
      await work(sink);
    } finally {
      await sink.close();
    }
  };
  return { openHub, startProcess, withSink };
}
