// Which unit tests share a process. Most of a small file's time is Node's start and the loading of what it imports, so
// files that change nothing but what they make themselves run many to a process, one after the other. A file of its
// own process is one with hooks outside of any suite (they would run for the files beside it), or one that touches what
// all share: the process, its environment and signals, child processes, globals.
import { readFileSync } from 'node:fs';
import path from 'node:path';

const hooks = /^(before|after|beforeEach|afterEach)\(/m;
const shared = /\bprocess\.(env|on|once|off|chdir|exit|argv|kill|std|emit)|globalThis|\bmock\.|Date\.now =/;
const programs = /from 'node:(child_process|worker_threads|cluster|diagnostics_channel)'/;
const filesPerProcess = 12;

/** Groups of files, each for one process: those that can share one, then those that want their own. */
export function shareProcesses(root, files) {
  const alone = files.filter((file) => {
    const text = readFileSync(path.join(root, file), 'utf8');
    return hooks.test(text) || shared.test(text) || programs.test(text);
  });
  const together = files.filter((file) => !alone.includes(file));
  const groups = [];
  // Neighbours import much the same.
  for (let from = 0; from < together.length; from += filesPerProcess)
    groups.push(together.slice(from, from + filesPerProcess));
  return [...groups, ...alone.map((file) => [file])];
}
