// Follows the lock file from one workspace to everything that it needs at run time.

/** Packages that others list as dependencies, and that nothing imports in a running process here. */
const neverImported = [
  // What install scripts need; they do not run.
  /^(adm-zip|global-agent)$/,
  // Types alone.
  /^@types\//,
  // Stand-ins of Node's modules for another runtime.
  /^bare-(buffer|fs|os|path|stream|url)$/,
  // The WebAssembly backend's bundle for Node holds what it takes from this one.
  /^@tensorflow\/tfjs-backend-cpu$/,
];

/** One package that is needed: where it lies, what the lock file says of it, and what it needs in turn. */
/** @typedef {{ folder: string, name: string, own: boolean, entry: object, needs: string[] }} LockedPackage */

/**
 * All packages that a target's workspaces need on Linux with this architecture, themselves included, by folder and in
 * order.
 * Development dependencies and optional peers are left out. Throws when the lock file lacks one.
 * @returns {LockedPackage[]}
 */
export function lockedPackages(lock, target) {
  const { workspace, startedWorkspaces = [], arch, extraPackages = [], without } = target;
  const found = new Map();
  const left = without === undefined ? neverImported : [...neverImported, without];
  const waiting = [
    workspace,
    ...startedWorkspaces,
    ...extraPackages.map((name) => `node_modules/${name.replace('{arch}', arch)}`),
  ];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    if (found.has(folder)) continue;
    const entry = lock.packages[folder];
    if (!entry) throw new Error(`package-lock.json does not know ${folder}`);
    const needs = wanted(entry)
      .filter(({ name }) => !left.some((pattern) => pattern.test(name)))
      .map(({ name, optional }) => resolve(lock, { from: folder, name, optional }))
      .filter((needed) => needed !== null && runsOn(lock.packages[needed], arch));
    const own = !folder.includes('node_modules/');
    found.set(folder, { folder, name: nameOf(folder, entry), own, entry, needs: needs.sort() });
    waiting.push(...needs);
  }
  return [...found.values()].sort((a, b) => (a.folder < b.folder ? -1 : 1));
}

function nameOf(folder, entry) {
  return entry.name ?? folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

function wanted(entry) {
  const peerIsOptional = (name) => entry.peerDependenciesMeta?.[name]?.optional === true;
  return [
    ...Object.keys(entry.dependencies ?? {}).map((name) => ({ name, optional: false })),
    ...Object.keys(entry.optionalDependencies ?? {}).map((name) => ({ name, optional: true })),
    ...Object.keys(entry.peerDependencies ?? {})
      .filter((name) => !peerIsOptional(name))
      .map((name) => ({ name, optional: false })),
  ];
}

/** Where Node finds `name` from a folder: in the nearest node_modules up the tree; workspaces are linked. */
function resolve(lock, { from, name, optional }) {
  for (let folder = from; ; folder = parent(folder)) {
    const candidate = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    const entry = lock.packages[candidate];
    if (entry) return entry.link ? entry.resolved : candidate;
    if (folder !== '') continue;
    if (optional) return null;
    throw new Error(`package-lock.json has no ${name}, which ${from} needs`);
  }
}

function parent(folder) {
  const cut = folder.lastIndexOf('/');
  return cut < 0 ? '' : folder.slice(0, cut);
}

function runsOn(entry, arch) {
  const fits = (list, present) => !list || list.includes(present);
  return fits(entry.os, 'linux') && fits(entry.cpu, arch) && fits(entry.libc, 'glibc');
}
