export * from './fill-stores.ts';
export * from './sample-batch.ts';
export * from './sample-rollout.ts';
export * from './start-test-database.ts';
export * from './store-test.ts';
