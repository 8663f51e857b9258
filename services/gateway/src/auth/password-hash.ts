import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** Cost of a hash: N = 2^ln blocks of 128·r bytes, p times. */
interface ScryptCost {
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

/** OWASP's figures for 32 MiB of memory (Password Storage Cheat Sheet, scrypt). */
const currentCost: ScryptCost = { ln: 15, r: 8, p: 3 };
const hashBytes = 32;

/** Hashes a password: `$scrypt$v=1$ln=15,r=8,p=3$salt$hash`, salt and hash in base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, currentCost);
  const { ln, r, p } = currentCost;
  return `$scrypt$v=1$ln=${ln},r=${r},p=${p}$${salt.toString('base64url')}$${hash.toString('base64url')}`;
}

/** Compares in constant time. False for another password and for a hash that this release cannot read. */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const match = /^\$scrypt\$v=1\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w-]{8,64})\$([\w-]{43})$/.exec(
    stored,
  );
  if (match === null) return false;
  const [, ln, r, p, salt = '', hash = ''] = match;
  const cost = { ln: Number(ln), r: Number(r), p: Number(p) };
  if (cost.ln > 20 || cost.r > 32 || cost.p > 16) return false;
  const derived = await derive(password, Buffer.from(salt, 'base64url'), cost);
  return timingSafeEqual(derived, Buffer.from(hash, 'base64url'));
}

function derive(password: string, salt: Uint8Array, { ln, r, p }: ScryptCost): Promise<Buffer> {
  const N = 2 ** ln;
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, hashBytes, { N, r, p, maxmem: 256 * N * r }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}
