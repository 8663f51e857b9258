import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const startWithinMs = 60_000;
const script = join('dist', 'src', 'blob', 'main.js');

/** Azurite's blob service: of the folder of the package that VERDICT_AZURITE names, or of an installed package. */
function findAzurite(): string | undefined {
  const { VERDICT_AZURITE: folder } = process.env;
  if (folder) {
    const file = join(folder, script);
    // Whoever names it wants it: without it nothing would be tested, and nobody would hear of it.
    if (!existsSync(file)) throw new Error(`VERDICT_AZURITE: there is no ${file}`);
    return file;
  }
  try {
    return join(createRequire(import.meta.url).resolve('azurite/package.json'), '..', script);
  } catch {
    return undefined;
  }
}

const azurite = findAzurite();

/** For `test(title, { skip: azuriteMissing }, …)`: false, or why the Azure adapter cannot be tried. */
export const azuriteMissing: string | false =
  azurite === undefined && 'no Azurite: see packages/storage/README.md';

if (azuriteMissing !== false)
  console.error(`
************************************************************************************************
* Skipped: the blob store's contract on Azure Blob Storage. It needs Azurite (350 MB, no part of
* the installation):  npm install --prefix SOME_FOLDER azurite
*                     VERDICT_AZURITE=SOME_FOLDER/node_modules/azurite
************************************************************************************************`);

/** An Azurite of the test's own, on a free port, with its data in a temporary folder. */
export async function startAzurite(): Promise<{
  /** `http://127.0.0.1:PORT/devstoreaccount1` */
  readonly account: string;
  stop(): Promise<void>;
}> {
  if (azurite === undefined) throw new Error('there is no Azurite');
  const folder = await mkdtemp(join(tmpdir(), 'verdict-azurite-'));
  const child = spawn(
    process.execPath,
    [
      azurite,
      ...['--blobHost', '127.0.0.1', '--blobPort', '0', '--location', folder],
      ...['--disableTelemetry', '--skipApiVersionCheck'],
    ],
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const stop = async () => {
    await end(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    return { account: `${await addressOf(child)}/devstoreaccount1`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The address that it prints when it listens. */
async function addressOf(child: ChildProcess): Promise<string> {
  const said: string[] = [];
  const listening = new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      if (stream !== null)
        createInterface({ input: stream }).on('line', (line) => {
          said.push(line);
          const address = /successfully listen\w* on (http:\/\/\S+)/.exec(line)?.[1];
          if (address !== undefined) resolve(address);
        });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`Azurite ended: ${said.join('\n')}`)));
    AbortSignal.timeout(startWithinMs).addEventListener('abort', () =>
      reject(new Error(`Azurite did not listen: ${said.join('\n')}`)),
    );
  });
  return listening;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
