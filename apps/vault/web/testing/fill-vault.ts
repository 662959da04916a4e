import type { Json } from '@gatehouse/kernel';
import type { TestVault } from '../../src/testing/test-vault.ts';

/** Somebody with pages to sign in to. */
export interface Account {
  readonly email: string;
  readonly personId: string;
}

export interface Filled {
  readonly administrator: Account;
  readonly systemId: string;
  readonly credentialId: string;
  readonly setId: string;
  readonly listId: string;
  readonly policyId: string;
  readonly platformId: string;
  readonly identityId: string;
  readonly roleId: string;
  readonly domainId: string;
  readonly jobId: number;
  readonly receiverId: string;
  readonly correlationId: string;
}

/** A small organisation in a vault, and an administrator, who is an identity too, to look at it. */
export const fillVault = async (vault: TestVault): Promise<Filled> => {
  const { operator, signIn } = vault;
  const administrator = await signIn({ systemAdministrator: true });
  const ask = async (method: string, path: string, body: Json) => {
    const answer = await operator.ask(method, path, { body });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`);
    return answer.body;
  };
  const add = (path: string, body: Json) => ask('POST', path, body);

  const { items } = { items: (await operator.get('/api/policies/presets')).body };
  const { policyId } = await add('/api/policies', { name: 'Old routers', rules: items[0].rules });
  const step = (expect: string, send: string) => ({ expect, send });
  const { platformId } = await add('/api/platforms', {
    name: 'Switch',
    rules: {
      ...{ how: 'dialogue', verify: null },
      change: {
        steps: [step('>', 'password'), step('old:', '{password}'), step('new:', '{next}')],
        ...{ succeeded: 'saved', refused: '% error' },
      },
    },
  });
  await add('/api/systems', { name: 'switch-2', kind: 'other', platformId });
  const { systemId } = await add('/api/systems', {
    ...{ name: 'db-7', kind: 'linux', address: 'db-7.acme.example', comment: 'Orders, second rack' },
    trust: ['SHA256:3gW5nJDvXbHfHc0VQ0c7oBq2Y8r5mJx0l8yq1T9m2xA'],
  });
  await add('/api/systems', { name: 'ACME', kind: 'domain', domainNetbios: 'ACME', domainDns: 'acme.example' });
  const secret = { from: 'entered', value: 'Planted-on-db-7' };
  const { credentialId } = await add('/api/credentials', { systemId, accountName: 'root', secret, policyId });
  await add('/api/credentials', { systemId, accountName: 'backup', autoSpin: true, secret: { from: 'random' } });
  const { setId } = await add('/api/sets', { name: 'Linux servers', comment: 'Everything in the racks' });
  await ask('PUT', `/api/sets/${setId}/systems/${systemId}`, {});
  const { listId } = await add('/api/lists', { name: 'Network', comment: 'Routers and switches' });
  await add(`/api/lists/${listId}/entries`, { systemName: 'Routers, 2nd floor', accountName: 'netadmin', secret });
  const identity = { kind: 'explicit', name: 'ada', personId: administrator.personId };
  const { identityId } = await add('/api/identities', identity);
  const { identityId: roleId } = await add('/api/identities', { kind: 'role', name: 'Operators' });
  const { identityId: ecmId } = await add('/api/identities', { kind: 'explicit', name: 'svc-ecm' });
  await ask('PUT', `/api/identities/${roleId}/members/${identityId}`, {});
  await ask('PUT', `/api/impersonations/${ecmId}/${roleId}`, {});
  const log = { logIn: true, allAccess: true, ignorePasswordCheckout: true, globalApprover: true };
  await ask('PUT', `/api/permissions/${ecmId}`, log);
  const rights = { viewAccounts: true, viewPasswords: true, requestPasswords: true };
  await ask('PUT', '/api/delegations', { identityId: roleId, setId, rights });
  await ask('PUT', '/api/delegations', { identityId, credentialId, rights });
  await ask('PUT', `/api/lists/${listId}/delegations/${roleId}`, { mayEdit: false });
  await add('/api/registrations', { name: 'Endpoint Credential Manager', networks: ['10.1.0.0/16'] });
  const { directoryId } = await add('/api/directories', {
    ...{ netbiosName: 'ACME', dnsName: 'acme.example', controllers: ['ldaps://dc1.acme.example'] },
  });
  await add('/api/jobs', { kind: 'password_change', templateFor: 'linux', comment: 'for <username>' });
  const far = { kind: 'yearly', month: 1, dayOfMonth: 1, hour: 2, minute: 30 };
  const { jobId } = await add('/api/jobs', { kind: 'verify', schedule: far, credentialIds: [credentialId] });
  await administrator.post('/api/my/checkouts', { credentialId, comment: 'Ticket 4711', minutes: 60 });
  const { receiverId } = await add('/api/audit/receivers', {
    ...{ name: 'SIEM', transport: 'tcp', host: '127.0.0.1', port: 1 },
  });
  const audit = (await operator.get('/api/audit?event=2002')).body;
  return {
    administrator: { email: administrator.email, personId: administrator.personId },
    ...{
      systemId,
      credentialId,
      setId,
      listId,
      policyId,
      platformId,
      identityId,
      roleId,
      domainId: directoryId,
      jobId,
    },
    receiverId,
    correlationId: audit.items[0]?.correlationId ?? '',
  };
};
