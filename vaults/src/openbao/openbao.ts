import { Fault } from '@gatehouse/kernel';
import { defineVault } from '@gatehouse/vault-kit';
import { z } from 'zod';
import { release } from './leased.ts';
import { list } from './offers.ts';
import { retrieve } from './retrieve.ts';
import { createSession, type Session, system } from './session.ts';
import { config, type Settings } from './settings.ts';

export interface OpenBaoClient {
  readonly session: Session;
  readonly settings: Settings;
  /** The clock of the host. */
  now(): Date;
}

const Capabilities = z.object({ data: z.record(z.string(), z.unknown()) });

/** Signs in anew, and looks whether tokens for leases can be made where engines need them. */
const check = async ({ session, settings }: OpenBaoClient): Promise<void> =>
  session.anew(async (token) => {
    await session.ask(token, '/auth/token/lookup-self', z.object({ data: z.looseObject({}) }));
    if (settings.ldapMount === null && settings.databaseMount === null) return;
    const paths = ['auth/token/create-orphan', 'auth/token/revoke-accessor', 'sys/leases/revoke'];
    const wanted = { method: 'POST', body: { paths }, retry: true } as const;
    const { body } = await session.ask(token, '/sys/capabilities-self', Capabilities, wanted);
    const missing = paths.filter((path) => {
      const may = body.data[path];
      return !Array.isArray(may) || !['update', 'sudo', 'root'].some((one) => may.includes(one));
    });
    if (missing.length === 0) return;
    const advice = `What is lent hangs on a token for each lease. Add update on ${missing.join(', ')} to the policy.`;
    throw new Fault('forbidden', advice);
  });

/** OpenBao, and HashiCorp Vault where it speaks the same. */
export const openbao = defineVault({
  id: 'openbao',
  name: system,
  summary: 'Secrets of KV, accounts lent by an LDAP library, database roles and SSH certificates of OpenBao or Vault.',
  config,
  impersonation: 'filters-by-service-account',
  connect: (settings, host, tokens): OpenBaoClient => ({
    ...{ session: createSession(host, settings, tokens), settings },
    now: () => host.clock.now(),
  }),
  check,
  list,
  retrieve,
  release,
});
