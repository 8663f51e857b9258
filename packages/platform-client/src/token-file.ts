import { readFile } from 'node:fs/promises';
import type { Credentials } from './access-token.ts';
import { PlatformUnavailable } from './platform-error.ts';

/**
 * Credentials from a file that holds a token and is replaced before it expires, as Kubernetes does with projected
 * service-account tokens. It is read for every request. Requests reject with `PlatformUnavailable` while the file
 * cannot be read or is empty: it may be in the middle of being replaced.
 */
export function tokenFile(file: string): Credentials {
  return {
    async token() {
      let text: string;
      try {
        text = await readFile(file, 'utf8');
      } catch (cause) {
        throw new PlatformUnavailable(`the token file ${file} cannot be read`, { cause });
      }
      const token = text.trim();
      if (token === '') throw new PlatformUnavailable(`the token file ${file} is empty`);
      return token;
    },
  };
}
