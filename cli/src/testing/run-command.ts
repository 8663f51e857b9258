import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import type { TestContext } from 'node:test';
import { type ClientClock, machineClock } from '@verdict/platform-client';
import { readCliConfig } from '../config.ts';
import { runCli } from '../run-cli.ts';
import { gatewayUser, type RecordingGateway, startRecordingGateway } from './recording-gateway.ts';

/** How a command ended and what it wrote. */
export interface CommandResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** What of the world a test decides. */
export interface CommandWorld {
  variables?: Record<string, string>;
  stdin?: string;
  clock?: ClientClock;
  signal?: AbortSignal;
}

/** Runs a command in this process, not a terminal, with the credentials of the recording gateway's user. */
export async function runCommand(args: readonly string[], world: CommandWorld = {}): Promise<CommandResult> {
  const stdin = new PassThrough();
  stdin.end(world.stdin ?? '');
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const written = [text(stdout), text(stderr)];
  const variables = world.variables ?? {
    VERDICT_USER: gatewayUser.username,
    VERDICT_PASSWORD: gatewayUser.password,
  };
  const context = {
    config: readCliConfig(variables),
    stdin,
    stdout,
    stderr,
    clock: world.clock ?? machineClock,
    signal: world.signal ?? new AbortController().signal,
  };
  const code = await runCli(context, args);
  stdout.end();
  stderr.end();
  const [out = '', err = ''] = await Promise.all(written);
  return { code, stdout: out, stderr: err };
}

async function text(stream: PassThrough): Promise<string> {
  let all = '';
  for await (const chunk of stream) all += chunk;
  return all;
}

/** A recording gateway that ends with the test. */
export async function testGateway(context: TestContext): Promise<RecordingGateway> {
  const gateway = await startRecordingGateway();
  context.after(() => gateway.stop());
  return gateway;
}

/** A folder that ends with the test. */
export async function testFolder(context: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'verdict-cli-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Waits until something holds, looking often; fails after `withinMs`. */
export async function eventually(holds: () => boolean, withinMs = 20_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`did not come true within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
