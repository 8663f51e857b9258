// Checks that imports follow the dependency table in ARCHITECTURE.md, and that packages are imported by name only.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Rows of the table "| part | may import |": part → allowed workspaces. `tests:` names more for tests alone. */
function readTable() {
  const text = readFileSync(path.join(root, 'ARCHITECTURE.md'), 'utf8');
  const section = text.split('<!-- layers -->')[1];
  if (!section) throw new Error('ARCHITECTURE.md has no table between <!-- layers --> marks');
  const table = new Map();
  for (const line of section.split('\n')) {
    const cells = line.split('|').map((cell) => cell.trim());
    if (cells.length < 5 || !cells[1].startsWith('`')) continue;
    const names = (cell) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1]);
    table.set(names(cells[1])[0], { code: names(cells[2]), tests: names(cells[3]) });
  }
  return table;
}

function sourceFiles(folder) {
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !/node_modules|[/\\]dist[/\\]/.test(file));
}

const isTest = (file) => /\.(test|contract|fixture)\.tsx?$|[/\\]testing[/\\]/.test(file);
const problems = [];
for (const [part, allowed] of readTable()) {
  for (const file of sourceFiles(part)) {
    const text = readFileSync(file, 'utf8');
    const shown = path.relative(root, file);
    for (const [, target] of text.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)) {
      if (target.startsWith('.')) {
        const resolved = path.relative(root, path.resolve(path.dirname(file), target));
        if (!resolved.startsWith(part + path.sep))
          problems.push(`${shown}: ${target} leaves ${part}; import by name`);
        continue;
      }
      const ours = /^@verdict\/([^/]+)/.exec(target)?.[1];
      if (!ours || allowed.code.includes(ours)) continue;
      if (isTest(file) && allowed.tests.includes(ours)) continue;
      problems.push(`${shown}: ${part} may not import @verdict/${ours} (see the table in ARCHITECTURE.md)`);
    }
  }
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
