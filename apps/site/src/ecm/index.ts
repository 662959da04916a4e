export type { CredentialDoor, Wanted } from './door.ts';
export { migrations } from './migrations.ts';
export type { Pace } from './model.ts';
export { type EcmHub, openEcmHub } from './open-hub.ts';
export type { JumpItemId } from './target.ts';
