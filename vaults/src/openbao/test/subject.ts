import type { Subject } from '@gatehouse/vault-kit/testing';
import { type FakeState, fakeOpenBao, smallState } from '../fake.ts';
import { openbao } from '../openbao.ts';

/** The plugin before a fake with every engine mounted. */
export const subjectWith = (
  settings: Readonly<Record<string, unknown>> = {},
  state: FakeState = smallState(),
): Subject & { readonly state: FakeState } => ({
  state,
  vault: openbao,
  fake: () => fakeOpenBao(state),
  settings: (url) => ({
    url,
    signIn: { method: 'approle', roleId: state.roleId, secretId: state.secretId },
    ...{ kvMount: 'kv', ldapMount: 'ldap', databaseMount: 'database', sshMount: 'ssh-signer' },
    ...{ ldapSets: '*=admins', databaseRoles: 'web1=readonly', databaseStaticRoles: 'web1=app' },
    ...{ sshRoles: '*=operators', sshPrincipals: '{username},oncall' },
    ...settings,
  }),
  secrets: [state.secretId],
  person: 'CORP\\ann',
  endpoint: { hostname: 'web1', address: '10.0.0.7', domain: null },
});
