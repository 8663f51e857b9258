import type { CommandContext } from './command-context.ts';
import { endingOf } from './failure.ts';
import { createProgram } from './program.ts';

/** Runs the command line `args` (without node and script) and gives the exit code: 0 ok, 1 failed, 2 wrong usage. */
export async function runCli(context: CommandContext, args: readonly string[]): Promise<number> {
  try {
    await createProgram(context).parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    const { code, message } = endingOf(error, context.signal);
    if (message !== null) context.stderr.write(`verdict: ${message}\n`);
    return code;
  }
}
