export type { FakeAccount } from './accounts.ts';
export { type Authority, createAuthority, type Issued } from './certificates.ts';
export { type ControllerOptions, type FakeController, openController } from './controller.ts';
export { createDirectory, type Directory, type Entry, type Given } from './directory.ts';
export { readLdif } from './ldif.ts';
export type { Plant, Planted } from './plant.ts';
export type { Request, Search } from './request.ts';
