import { spawn } from 'node:child_process';

/**
 * Ends a process that knows nothing of us as soon as we are gone, also after `kill -9`: a shell waits for the end of
 * its input, which the system closes with us, and then sends SIGINT. Call what is returned once the process has
 * ended: its number may be given to another one. Windows has no such shell; there it does nothing.
 */
export function endWithUs(pid: number): () => void {
  if (process.platform === 'win32') return () => undefined;
  const guard = spawn(
    '/bin/sh',
    ['-c', 'read -r _; kill -INT "$1" 2>/dev/null', 'verdict-guard', String(pid)],
    {
      stdio: ['pipe', 'ignore', 'ignore'],
      // Its own group: a Ctrl-C in the terminal is not for it.
      detached: true,
    },
  );
  // Without a shell the process stays until the next start, which clears what was left.
  guard.on('error', () => undefined);
  guard.stdin.on('error', () => undefined);
  guard.unref();
  return () => void guard.kill('SIGKILL');
}
