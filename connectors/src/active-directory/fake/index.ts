export type { FakeAccount } from './accounts.ts';
export { type Authority, createAuthority } from './certificates.ts';
export { type ControllerOptions, type FakeController, openController } from './controller.ts';
export { createDirectory, type Directory } from './directory.ts';
export { readLdif } from './ldif.ts';
