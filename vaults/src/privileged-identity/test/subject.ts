import type { Subject } from '@gatehouse/vault-kit/testing';
import { type FakeState, fakePrivilegedIdentity, registrationKey, smallVault } from '../fake.ts';
import { privilegedIdentity } from '../privileged-identity.ts';

/** The plugin before a fake vault, with settings of its own. */
export const subjectWith = (
  settings: Readonly<Record<string, unknown>> = {},
  state: FakeState = smallVault(),
): Subject & { readonly state: FakeState } => ({
  state,
  vault: privilegedIdentity,
  fake: () => fakePrivilegedIdentity(state),
  settings: (origin) => ({
    endpointUrl: `${origin}/ERPMWebService/AuthService.svc`,
    ...{ apiUser: 'svc-ecm', apiPassword: 'password-of-the-api-user', apiRegistrationKey: registrationKey },
    ...{ mapDomains: 'ns.example=NS', ...settings },
  }),
  secrets: ['password-of-the-api-user', registrationKey],
  person: 'NS\\test_user',
  endpoint: { hostname: 'bomgar-appserver1', address: '10.0.0.7', domain: 'ns.example' },
});
