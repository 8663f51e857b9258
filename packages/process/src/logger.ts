import { destination, type Logger, pino } from 'pino';
import { withoutSecrets } from './without-secrets.ts';

export type { Logger };

/**
 * Logger of a process: JSON lines on stderr or in `file` (stdout belongs to what a command prints). Synchronous,
 * so that the last line before an exit is not lost. The level comes from `VERDICT_LOG_LEVEL` (default `info`).
 * What looks like a secret is left out. `error` means that a human must act; what heals by itself is `warn` or lower.
 */
export function createLogger(options: { name: string; level?: string; file?: string }): Logger {
  const output = destination({ dest: options.file ?? 2, sync: true });
  // A full disk or a closed terminal takes the log, not the process that writes it.
  output.on('error', () => undefined);
  return pino(
    {
      name: options.name,
      level: options.level ?? levelFrom(process.env.VERDICT_LOG_LEVEL),
      redact: ['*.password', '*.authorization', '*.access_token'],
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
    },
    // Texts of errors come from anywhere: an answer, a library that quotes its connection string.
    { write: (line: string) => void output.write(withoutSecrets(line)) },
  );
}

const levels = new Set(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']);

function levelFrom(text: string | undefined): string {
  return text !== undefined && levels.has(text) ? text : 'info';
}
