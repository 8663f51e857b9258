import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

interface CpuProfile {
  readonly nodes: readonly {
    id: number;
    callFrame: { functionName: string; url: string };
    children?: number[];
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Which part of the code the time of a process went to. */
export interface ProfileShares {
  readonly process: string;
  /** Share of the time that it was at work, highest first. */
  readonly parts: readonly { readonly part: string; readonly share: number }[];
}

/** Time in which nothing was done. */
const idle = new Set(['(idle)', '(program)', '(root)']);

/** Reads the profiles that processes left when they ended, and sums their time up by the package it was spent for. */
export async function profileShares(folder: string): Promise<ProfileShares[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.cpuprofile')).sort();
  const shares: ProfileShares[] = [];
  for (const file of files) {
    const profile = JSON.parse(await readFile(path.join(folder, file), 'utf8')) as CpuProfile;
    shares.push({ process: file.replace(/-\d+\.cpuprofile$/, ''), parts: sharesOf(profile) });
  }
  return shares;
}

function sharesOf({ nodes, samples, timeDeltas }: CpuProfile): ProfileShares['parts'] {
  const partOf = new Map<number, string | null>();
  const children = new Map(nodes.map((node) => [node.id, node]));
  // From the root down: what has no file of its own (natives, the runtime's own code) counts for whoever called it.
  const pending: [number, string][] = nodes[0] === undefined ? [] : [[nodes[0].id, 'node']];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [id, caller] = next;
    const node = children.get(id);
    if (node === undefined) continue;
    const { functionName, url } = node.callFrame;
    const part = functionName === '(garbage collector)' ? 'garbage collection' : (partOfFile(url) ?? caller);
    partOf.set(id, idle.has(functionName) ? null : part);
    for (const child of node.children ?? []) pending.push([child, part]);
  }
  const micros = new Map<string, number>();
  let total = 0;
  for (const [at, id] of samples.entries()) {
    const part = partOf.get(id) ?? null;
    if (part === null) continue;
    const delta = timeDeltas[at] ?? 0;
    micros.set(part, (micros.get(part) ?? 0) + delta);
    total += delta;
  }
  return [...micros]
    .map(([part, spent]) => ({ part, share: spent / Math.max(1, total) }))
    .sort((a, b) => b.share - a.share);
}

/** `services/detector/src/batch`, `packages/streams`, `rhea`; null for what is no file. */
function partOfFile(url: string): string | null {
  const library = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
  if (library !== undefined) return library;
  const own = /\/((?:packages|services)\/[^/]+|bench)\/src\/(?:([^/]+)\/)?/.exec(url);
  if (own === null) return null;
  return own[2] === undefined ? (own[1] ?? null) : `${own[1]}/${own[2]}`;
}
