export * from './due-training.ts';
export * from './next-plan.ts';
