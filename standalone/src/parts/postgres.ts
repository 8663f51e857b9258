import path from 'node:path';
import { type Logger, StartError } from '@verdict/process';
import { startEmbeddedPostgres } from '@verdict/storage/embedded';
import { openLog } from '../supervisor/log-file.ts';
import type { Run } from '../supervisor/supervised.ts';
import { endWithUs } from './end-with-us.ts';
import type { Settings } from './settings.ts';

/** Starts the embedded database; its log goes to `postgres.log`. */
export async function runPostgres(settings: Settings, logger: Logger): Promise<Run> {
  const log = openLog(path.join(settings.folders.logs, 'postgres.log'));
  const lines: string[] = [];
  const server = await startEmbeddedPostgres({
    dataDir: settings.folders.postgres,
    port: settings.ports.postgres,
    password: settings.secrets.databasePassword,
    onLog: (line) => {
      log.write(`${line}\n`);
      lines.push(line);
      lines.splice(0, lines.length - 3);
    },
  }).catch((error: unknown) => {
    log.close();
    throw error instanceof Error ? new StartError(error.message, { cause: error }) : error;
  });
  logger.info({ part: 'postgres', child: server.pid }, 'started postgres');
  const endGuard = endWithUs(server.pid);
  const exited = server.exited.then(
    (code) => {
      endGuard();
      log.close();
      return typeof code === 'number' ? code : null;
    },
    () => null,
  );
  return {
    exited,
    ready: Promise.resolve(),
    async stop(graceMs) {
      // A checkpoint of much data takes longer than we have: without it the next start recovers from the log.
      const timer = setTimeout(() => quit(server.pid), graceMs);
      await server.stop();
      clearTimeout(timer);
    },
    lastWords: () => lines.join('\n'),
  };
}

/** PostgreSQL's immediate shutdown. */
function quit(pid: number): void {
  try {
    process.kill(pid, 'SIGQUIT');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
