import { registerHooks } from 'node:module';
import { members } from './members.ts';
import { withoutEvidence } from './without-evidence.ts';

// Loaded before anything else (`node --import leave-out.ts?member=KEY`): takes one member out of the production engine as
// its modules are loaded, so that the product needs no switch for it.

const key = new URL(import.meta.url).searchParams.get('member');
const member = members.find((one) => one.key === key);
if (member === undefined) throw new RangeError(`there is no member "${key}"`);
const wanted = new URL(member.module, import.meta.resolve('@verdict/detection')).href;
let leftOut = false;

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (url !== wanted) return loaded;
    if (loaded.source === undefined || loaded.source === null)
      throw new RangeError(`${url} came without its source`);
    leftOut = true;
    return { ...loaded, source: withoutEvidence(textOf(loaded.source), member) };
  },
});

process.on('exit', () => {
  if (leftOut || process.exitCode !== undefined) return;
  console.error(`${wanted} was never loaded: nothing was left out`);
  process.exitCode = 1;
});

function textOf(source: string | ArrayBuffer | NodeJS.TypedArray): string {
  return typeof source === 'string' ? source : new TextDecoder().decode(source);
}
