// The list of what is in an image, as CycloneDX 1.6. It says the same each time that the same goes into the image.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Makes the bill of materials of `packages` (see locked-packages.mjs), which lie below `root`. */
export function billOfMaterials({ root, target, version, packages }) {
  const components = packages.map((found) => component(root, found));
  const dependencies = packages.map((found, index) => ({
    ref: components[index]['bom-ref'],
    dependsOn: found.needs.map((folder) => refOf(packages, folder)).sort(),
  }));
  const content = JSON.stringify([target.title, version, components]);
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(content)}`,
    version: 1,
    metadata: {
      component: { type: 'container', 'bom-ref': target.title, name: target.title, version },
    },
    components,
    dependencies,
  };
}

function refOf(packages, folder) {
  const found = packages.find((candidate) => candidate.folder === folder);
  if (!found) throw new Error(`${folder} is needed, but not in the image`);
  return purl(found);
}

/** Package URL (github.com/package-url/purl-spec), with the folder where one version lies twice. */
function purl({ name, entry, folder }) {
  const nested = folder.includes('node_modules/') && folder.lastIndexOf('node_modules/') > 0;
  const where = nested ? `#${folder}` : '';
  return `pkg:npm/${name.replace('@', '%40')}@${entry.version}${where}`;
}

function component(root, found) {
  const { name, entry, folder } = found;
  const [group, short] = name.startsWith('@') ? name.split('/') : [undefined, name];
  return {
    type: 'library',
    'bom-ref': purl(found),
    ...(group === undefined ? {} : { group }),
    name: short,
    version: entry.version,
    ...hashes(entry.integrity),
    ...licenses(entry.license ?? licenseInFolder(path.join(root, folder))),
    purl: purl(found).replace(/#.*/, ''),
  };
}

/** npm's integrity names the hash of the archive in base64, CycloneDX wants hexadecimal. */
function hashes(integrity) {
  const sha512 = /sha512-(\S+)/.exec(integrity ?? '')?.[1];
  if (sha512 === undefined) return {};
  return { hashes: [{ alg: 'SHA-512', content: Buffer.from(sha512, 'base64').toString('hex') }] };
}

function licenses(license) {
  if (typeof license !== 'string') return {};
  if (/\s|\(/.test(license)) return { licenses: [{ expression: license }] };
  return { licenses: [{ license: { id: license } }] };
}

function licenseInFolder(folder) {
  const file = path.join(folder, 'package.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).license : undefined;
}

/** A UUID of version 8 (RFC 9562) from a hash, so that it needs no chance. */
function uuidOf(text) {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  bytes[6] = (bytes[6] & 0x0f) | 0x80;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
