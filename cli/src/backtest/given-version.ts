import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { ModelManifest } from '@verdict/contracts';
import type { DetectionModel } from '@verdict/detection';
import { NetworkFormatError, openNetwork, openVersion } from '@verdict/inference';
import { CommandFailure } from '../failure.ts';

const manifestName = 'manifest.json';
const netName = 'model.onnx';

/** A trained version that files are scored with, its net open. */
export interface GivenVersion {
  /** Where it was read from. */
  readonly folder: string;
  readonly manifest: ModelManifest;
  /** Ready to score; its net may be shared by any number of engines. */
  readonly model: DetectionModel;
  /** Frees the net. */
  close(): Promise<void>;
}

/**
 * Opens a version as a retrainer publishes it: a folder with `manifest.json` and `model.onnx`.
 * @param given the folder, or the manifest in it
 * @throws CommandFailure that names what is wrong: no version, something missing or altered, a net that does not fit
 */
export async function openGivenVersion(given: string): Promise<GivenVersion> {
  const folder = await versionFolder(given);
  const manifestFile = path.join(folder, manifestName);
  const manifest = parseManifest(manifestFile, await readPart(folder, manifestName));
  const netFile = path.join(folder, netName);
  const onnx = await readPart(folder, netName);
  const digest = createHash('sha256').update(onnx).digest('hex');
  if (digest !== manifest.sha256)
    throw new CommandFailure(
      `${netFile} is not the net of ${manifestFile}: its SHA-256 is ${digest}, the manifest says ${manifest.sha256}.`,
    );
  try {
    const { model, network } = await openVersion(manifest, () => openNetwork(onnx));
    return { folder, manifest, model, close: () => network.close() };
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof NetworkFormatError)) throw error;
    throw new CommandFailure(`${folder} cannot be opened: ${error.message}.`);
  }
}

/**
 * The version, for a file with these signals.
 * @throws RangeError when the file lacks one that the version looks at
 */
export function versionFor({ manifest, model }: GivenVersion, signals: readonly string[]): DetectionModel {
  const wanted = manifest.signals;
  if (wanted === 'each') return model;
  const missing = wanted.filter((name) => !signals.includes(name));
  if (missing.length === 0) return model;
  throw new RangeError(
    `version ${manifest.version} of ${manifest.model} looks at ${missing.join(', ')}, and the file has only ${signals.join(', ')}`,
  );
}

async function versionFolder(given: string): Promise<string> {
  try {
    if ((await stat(given)).isDirectory()) return given;
  } catch (error) {
    throw new CommandFailure(
      `--model is built-in, trained, or the folder of a version, and ${given} cannot be read: ${messageOf(error)}.`,
    );
  }
  if (path.basename(given) === manifestName) return path.dirname(given);
  throw new CommandFailure(
    `${given} is no version of a model: --model takes the folder that holds ${manifestName} and ${netName}, or that ${manifestName}.`,
  );
}

async function readPart(folder: string, name: string): Promise<Buffer> {
  try {
    return await readFile(path.join(folder, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new CommandFailure(`${folder} is no version of a model: it holds no ${name}.`);
    throw new CommandFailure(`${path.join(folder, name)} cannot be read: ${messageOf(error)}.`);
  }
}

function parseManifest(file: string, bytes: Buffer): ModelManifest {
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw new CommandFailure(`${file} is no manifest: it is not JSON (${messageOf(error)}).`);
  }
  const manifest = ModelManifest.safeParse(json);
  if (manifest.success) return manifest.data;
  const problems = manifest.error.issues.map(({ path: at, message }) =>
    at.length === 0 ? message : `${at.join('.')}: ${message}`,
  );
  throw new CommandFailure(`${file} is no manifest of a version: ${problems.join('; ')}.`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
