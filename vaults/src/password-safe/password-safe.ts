import { defineVault } from '@gatehouse/vault-kit';
import { list } from './accounts.ts';
import { release, retrieve } from './requests.ts';
import { createSession, type Session, system } from './session.ts';
import { config, type Settings } from './settings.ts';

export interface PasswordSafeClient {
  readonly session: Session;
  readonly settings: Settings;
  /** The clock of the host. */
  now(): Date;
}

/** BeyondTrust Password Safe over version 3 of its public API. */
export const passwordSafe = defineVault({
  id: 'password-safe',
  name: system,
  summary: 'Managed accounts of BeyondTrust Password Safe, requested for a session and checked in after it.',
  config,
  // Also where the key runs as the person who asks: that is a choice of the settings, and this is the weaker promise.
  impersonation: 'filters-by-service-account',
  connect: (settings, host, tokens): PasswordSafeClient => ({
    ...{ session: createSession(host, settings, tokens), settings },
    now: () => host.clock.now(),
  }),
  check: ({ session }) => session.prove(),
  list,
  retrieve,
  release,
});
