export { activeDirectory } from './active-directory.ts';
export { ChangeFault } from './change-fault.ts';
export { type CustomLogin, CustomTemplate, custom } from './custom.ts';
export { linuxPassword } from './linux-password.ts';
export { mysql } from './mysql.ts';
export {
  type By,
  type Context,
  type ManagedAccount,
  type ManagedSystem,
  type Platform,
  type PlatformId,
  type Proof,
  platformIds,
  type Trust,
} from './platform.ts';
export { postgresql } from './postgresql.ts';
export { newSshKey, sshKey } from './ssh-key.ts';
