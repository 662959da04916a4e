export { activeDirectory } from './active-directory.ts';
export { ChangeFault } from './change-fault.ts';
export { custom } from './custom.ts';
export { linuxPassword } from './linux-password.ts';
export { mysql } from './mysql.ts';
export type {
  By,
  Context,
  FirstUse,
  ManagedAccount,
  ManagedSystem,
  Platform,
  PlatformId,
  Proof,
  Trust,
} from './platform.ts';
export { postgresql } from './postgresql.ts';
export { sqlServer } from './sql-server.ts';
export { newSshKey, sshKey } from './ssh-key.ts';
