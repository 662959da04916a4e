export type { Asked, Operation } from './operation.ts';
export { serveConfiguration } from './serve.ts';
export { serveOperations } from './serve-operations.ts';
