import type { Session } from './session.ts';
import type { Settings } from './settings.ts';
import type { Call } from './wire.ts';

export interface PrivilegedIdentityClient {
  readonly call: Call;
  readonly session: Session;
  readonly settings: Settings;
  /** The clock of the host. */
  now(): Date;
}
