/**
 * Loaded before a process of the platform (`node --import`): its own sources then get the adapters of the soak, which
 * stand between them and the real ones. Nothing of this is part of the product.
 */
import { registerHooks } from 'node:module';

const services = new URL('../../../../services/', import.meta.url).href;
const replaced = new Map([
  ['@verdict/storage', new URL('./storage.ts', import.meta.url).href],
  ['@verdict/streams', new URL('./streams.ts', import.meta.url).href],
  ['@verdict/process', new URL('./process.ts', import.meta.url).href],
]);

registerHooks({
  resolve(specifier, context, next) {
    const url = context.parentURL?.startsWith(services) ? replaced.get(specifier) : undefined;
    return next(url ?? specifier, context);
  },
});
