import { readConfig, runProcess, StartError } from '@verdict/process';
import { StandaloneConfig } from './config.ts';
import { help } from './help.ts';
import { startStandalone } from './start-standalone.ts';

if (process.argv.includes('--help') || process.argv.includes('-h')) {
  process.stdout.write(help);
  process.exit(0);
}

const config = readConfig(StandaloneConfig, process.env);

// A terminal that is gone can be told nothing; that is no reason to end without stopping the parts.
process.stderr.on('error', () => undefined);
const say = (text: string): void => void process.stderr.write(`${text}\n`);

runProcess(
  'standalone',
  async ({ clock, signal, requestStop }) => {
    // The terminal was closed.
    process.on('SIGHUP', () => requestStop());
    try {
      return await startStandalone(config, { clock, signal, say });
    } catch (error) {
      if (!(error instanceof StartError) || signal.aborted) throw error;
      say(error.message);
      process.exit(1);
    }
  },
  // What goes on stands in logs/standalone.log; the terminal is for people.
  { logLevel: 'error' },
);
