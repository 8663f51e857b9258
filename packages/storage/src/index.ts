export * from './ports/blob-store.ts';
export * from './ports/partition-store.ts';
export * from './ports/query-stores.ts';
export * from './ports/registry-store.ts';
