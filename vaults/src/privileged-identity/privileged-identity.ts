import { defineVault } from '@gatehouse/vault-kit';
import { release } from './check-in.ts';
import { retrieve } from './check-out.ts';
import type { PrivilegedIdentityClient } from './client.ts';
import { list } from './list.ts';
import { createSession } from './session.ts';
import { config } from './settings.ts';
import { createCall, system } from './wire.ts';

/** A vault that serves the web services of docs/vault-sdk.md. */
export const privilegedIdentity = defineVault({
  id: 'privileged-identity',
  name: system,
  summary:
    'Managed and shared credentials of Gatehouse’s vault, and of what speaks its SDK web services, as people may use them.',
  config,
  impersonation: 'acts-as-user',
  connect: (settings, host, tokens): PrivilegedIdentityClient => {
    const call = createCall(host, settings);
    return { call, settings, session: createSession(call, tokens, settings), now: () => host.clock.now() };
  },
  check: ({ session }) => session.prove(),
  list,
  retrieve,
  release,
});
