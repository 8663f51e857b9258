import { readdir, readFile, readlink } from 'node:fs/promises';

const listening = '0A';

/** Ports that a process listens on; Linux alone tells. */
export async function listeningPorts(pid: number): Promise<number[]> {
  const own = new Set<string>();
  for (const descriptor of await readdir(`/proc/${pid}/fd`)) {
    const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
    if (inode !== undefined) own.add(inode);
  }
  const sockets = (await readFile(`/proc/${pid}/net/tcp`, 'utf8')).trim().split('\n').slice(1);
  return sockets.flatMap((line) => {
    const [, address = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
    if (state !== listening || !own.has(inode)) return [];
    return [Number.parseInt(address.split(':')[1] ?? '0', 16)];
  });
}
