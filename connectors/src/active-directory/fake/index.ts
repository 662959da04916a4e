export { sidBytes } from '../sid.ts';
export type { FakeAccount } from './accounts.ts';
export { type Authority, createAuthority } from './certificates.ts';
export { type ControllerOptions, type FakeController, openController } from './controller.ts';
export { createDirectory, type Directory, type Given } from './directory.ts';
export { readLdif } from './ldif.ts';
export { type MadeEntry, makeDescriptor } from './make-descriptor.ts';
