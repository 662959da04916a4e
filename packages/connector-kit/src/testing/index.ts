export { checks, contract } from './contract.ts';
export * from './fake.ts';
export { createMemoryStore, type MemoryStore, type StoreCall } from './memory-store.ts';
export type { Check, Subject } from './trial.ts';
