import { createInterface } from 'node:readline/promises';
import type { CommandContext } from './command-context.ts';

/** Asks on the terminal and gives the line that was typed. */
export async function askLine({ stdin, stderr, signal }: CommandContext, question: string): Promise<string> {
  const terminal = createInterface({ input: stdin, output: stderr });
  try {
    return (await terminal.question(question, { signal })).trim();
  } finally {
    terminal.close();
  }
}

/** Asks without showing what is typed. Ctrl-C and Ctrl-D give up: the promise is rejected with an `AbortError`. */
export function askHidden({ stdin, stderr }: CommandContext, question: string): Promise<string> {
  stderr.write(question);
  stdin.setRawMode?.(true);
  stdin.resume();
  return new Promise<string>((resolve, reject) => {
    let typed = '';
    const finish = (settle: () => void) => {
      stdin.off('data', read);
      stdin.setRawMode?.(false);
      stdin.pause();
      stderr.write('\n');
      settle();
    };
    const read = (chunk: Buffer | string) => {
      for (const key of chunk.toString()) {
        if (key === '\r' || key === '\n') return finish(() => resolve(typed));
        if (key === '\u0003' || key === '\u0004')
          return finish(() => reject(new DOMException('', 'AbortError')));
        typed = key === '\u007f' || key === '\b' ? typed.slice(0, -1) : typed + key;
      }
    };
    stdin.on('data', read);
  });
}
