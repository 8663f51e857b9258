import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** Texts that must not be found anywhere, each with what it is. */
export class KnownSecrets {
  readonly #all = new Map<string, string>();

  /** Keeps a secret, and the last part of one that has parts, for that is a secret too. */
  keep(what: string, secret: string | null | undefined): void {
    if (secret === null || secret === undefined || secret.length < 12) return;
    this.#all.set(secret, what);
    const tail = secret.split('.').at(-1) ?? '';
    if (tail.length >= 24) this.#all.set(tail.slice(-24), `end of ${what}`);
  }

  get count(): number {
    return this.#all.size;
  }

  /** What stands in a text: `where: what`, never the secret itself. */
  foundIn(where: string, text: string): string[] {
    return [...this.#all].filter(([secret]) => text.includes(secret)).map(([, what]) => `${where}: ${what}`);
  }
}

/** Every secret that a data folder keeps: one per file, but for the lists of users and keys. */
export async function keepSecretsOf(folder: string, secrets: KnownSecrets): Promise<void> {
  for (const name of await readdir(folder)) {
    const text = (await readFile(path.join(folder, name), 'utf8')).trim();
    if (!name.endsWith('.json')) {
      secrets.keep(name, text);
      continue;
    }
    for (const [, , value = ''] of text.matchAll(/"(password|d)":"([^"]+)"/g)) secrets.keep(name, value);
  }
}
