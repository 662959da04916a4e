import { type Credential, empty, stream } from '@gatehouse/connector-kit';
import type { PasswordSafeClient } from './client.ts';
import { idOf, numberOf } from './ids.ts';
import { whole } from './lists.ts';
import { needOf } from './needs.ts';
import { rawOf } from './raw.ts';
import { flagAt, listAt, numberAt, textAt } from './shapes.ts';

/**
 * A registration by which programs sign in: a key for any user of its groups, or OAuth for application users. The key
 * itself has a list of its own, which is never asked for. `attributes`: `kind` (apikeypolicy or apiaccesspolicy),
 * `allowedAddresses` (empty: from anywhere), `enforcesMfa`, `requiresClientCertificate`, `requiresPassword`,
 * `tokenMinutes`, `hasPsrunRules`. Which groups have it is told by the groups.
 */
export const toRegistration = (item: unknown): Credential => {
  const isActive = flagAt(item, 'Active');
  return {
    ...empty('credentials'),
    id: idOf('api-registration', numberOf('api-registration', item)),
    raw: rawOf(Object(item)),
    type: 'api_token',
    name: textAt(item, 'Name'),
    status: isActive === null ? null : isActive ? 'active' : 'inactive',
    ownerKind: 'organization',
    attributes: {
      kind: textAt(item, 'RegistrationType')?.toLowerCase() ?? null,
      allowedAddresses: addressesOf(item),
      enforcesMfa: flagAt(item, 'MultiFactorAuthenticationEnforced'),
      requiresClientCertificate: flagAt(item, 'ClientCertificateRequired'),
      requiresPassword: flagAt(item, 'UserPasswordRequired'),
      tokenMinutes: numberAt(item, 'AccessTokenDuration'),
      hasPsrunRules: listAt(item, 'PSRUNRules').length > 0,
    },
  };
};

/** A rule that names nothing still limits nothing. */
const addressesOf = (item: unknown): readonly string[] =>
  [...listAt(item, 'IPAuthenticationRules'), ...listAt(item, 'XForwardedForAuthenticationRules')].flatMap(
    (rule) => textAt(rule, 'Value') ?? [],
  );

const registrationsPath = '/ApiRegistrations';

export const apiRegistrations = stream<PasswordSafeClient, 'credentials'>({
  record: 'credentials',
  title: 'API registrations',
  needs: needOf('registrations'),
  reading: { mode: 'full' },
  everyMs: 6 * 3_600_000,
  read: (client, from) => whole(client.list(registrationsPath, toRegistration), from),
  probe: (client) => client.probe(registrationsPath),
});
