import { readFile } from 'node:fs/promises';
import { announceListening, runProcess, StartError } from '@verdict/process';
import { loadConfig } from './config.ts';
import { DataFolderError } from './data-folder-error.ts';
import { type Emulator, type EmulatorOptions, startEmulator } from './emulator.ts';

runProcess('event-hubs-emulator', async ({ logger, clock }) => {
  const { keyName, keyFile, ...config } = loadConfig();
  const emulator = await start({
    ...config,
    key: { name: keyName, value: await readKey(keyFile) },
    nowMs: clock.nowMs,
    log: {
      debug: (message, fields) => logger.debug(fields, message),
      warn: (message, fields) => logger.warn(fields, message),
    },
  });
  process.stdout.write(`${JSON.stringify({ listening: emulator.port })}\n`);
  announceListening(emulator.port);
  return () => emulator.stop();
});

async function start(options: EmulatorOptions): Promise<Emulator> {
  try {
    return await startEmulator(options);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') throw new StartError(`Port ${options.port} at ${options.host} is in use.`);
    if (code === 'ENOSPC') throw new StartError(`The disk of ${options.dataFolder} is full.`);
    if (error instanceof DataFolderError) throw new StartError(error.message);
    throw error;
  }
}

async function readKey(file: string): Promise<string> {
  try {
    const key = (await readFile(file, 'utf8')).trim();
    if (/^[^;\s]+$/.test(key)) return key;
  } catch (error) {
    throw new StartError(`The key file ${file} cannot be read: ${(error as Error).message}.`);
  }
  throw new StartError(`The key file ${file} must hold one key without blanks and semicolons.`);
}
