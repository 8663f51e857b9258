import { PlatformAnswerUnexpected, PlatformRefused, PlatformUnavailable } from '@verdict/platform-client';
import { CommanderError } from 'commander';

/** The command could not do it; the message is one clear sentence that says what to do. Exit code 1. */
export class CommandFailure extends Error {
  override readonly name: string = 'CommandFailure';
}

/** The command was called wrongly. Exit code 2. */
export class UsageFailure extends Error {
  override readonly name: string = 'UsageFailure';
}

/** How a command ends: its exit code and what stderr is told, null when everything was said already. */
export interface Ending {
  code: number;
  message: string | null;
}

/** Exit code after Ctrl-C, as shells have it. */
const interruptedCode = 130;

/** Turns whatever a command threw into its ending. An error that nobody foresaw keeps its stack. */
export function endingOf(error: unknown, signal: AbortSignal): Ending {
  if (error instanceof CommanderError) return { code: error.exitCode === 0 ? 0 : 2, message: null };
  if (error instanceof UsageFailure) return { code: 2, message: error.message };
  // Asked to stop by a signal, or given up at a prompt.
  if ((signal.aborted && error === signal.reason) || isAbort(error))
    return { code: interruptedCode, message: null };
  if (error instanceof CommandFailure) return { code: 1, message: error.message };
  if (error instanceof PlatformUnavailable)
    return {
      code: 1,
      message: `${error.message}. Is Verdict running there? Start it with "npm start", or name its gateway with --url or VERDICT_URL.`,
    };
  if (error instanceof PlatformRefused) return { code: 1, message: refusal(error) };
  if (error instanceof PlatformAnswerUnexpected) return { code: 1, message: `${error.message}.` };
  return { code: 1, message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

function refusal({ message, problem }: PlatformRefused): string {
  if (problem.status === 401)
    return `${message}. Log in with "verdict login", or check VERDICT_USER and VERDICT_PASSWORD.`;
  if (problem.status === 403) return `${message}. Use a user whose roles allow it.`;
  return message.endsWith('.') ? message : `${message}.`;
}

/** Whether an error only says that something was aborted. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
