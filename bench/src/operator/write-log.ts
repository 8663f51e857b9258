import { type FileHandle, open } from 'node:fs/promises';

/** One write of the operator's, as the API server logged it. */
export interface LoggedWrite {
  readonly verb: string;
  /** Such as `detectorpools/status`. */
  readonly resource: string;
  readonly atMs: number;
}

/** What the API server answered to the operator's writes, read as its audit log grows. */
export class WriteLog {
  readonly #file: FileHandle;
  readonly writes: LoggedWrite[] = [];
  #rest = '';

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async open(file: string): Promise<WriteLog> {
    return new WriteLog(await open(file, 'r'));
  }

  /** Reads on to the present end. */
  async read(): Promise<void> {
    const buffer = Buffer.alloc(1 << 20);
    for (;;) {
      const { bytesRead } = await this.#file.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) return;
      const lines = (this.#rest + buffer.toString('utf8', 0, bytesRead)).split('\n');
      this.#rest = lines.pop() ?? '';
      for (const line of lines) if (line !== '') this.writes.push(writeOf(line));
    }
  }

  /** Those since then that are not about the lead: by verb and resource. */
  countSince(fromMs: number): Record<string, number> {
    const counts = new Map<string, number>();
    for (const { verb, resource, atMs } of this.writes) {
      if (atMs < fromMs || resource === 'leases') continue;
      const key = `${verb} ${resource}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return Object.fromEntries([...counts].sort((a, b) => b[1] - a[1]));
  }

  /** When the last one was that is not about the lead, epoch ms. */
  lastMs(): number {
    return this.writes.findLast(({ resource }) => resource !== 'leases')?.atMs ?? 0;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

function writeOf(line: string): LoggedWrite {
  const { verb, objectRef, stageTimestamp } = JSON.parse(line) as {
    verb: string;
    objectRef?: { resource?: string; subresource?: string };
    stageTimestamp: string;
  };
  const { resource = '', subresource } = objectRef ?? {};
  return {
    verb,
    resource: subresource === undefined ? resource : `${resource}/${subresource}`,
    atMs: Date.parse(stageTimestamp),
  };
}
