import { setImpersonation } from '../../delegation/index.ts';
import { type Sample, sampleVault } from '../../testing/sample.ts';

/** A vault with accounts of every kind, a program that may do everything, one that acts for others, and those others. */
export const openOrganisation = async (): Promise<Sample> => {
  const vault = await sampleVault();
  const script = await vault.identity('svc-script');
  const ecm = await vault.identity('svc-ecm');
  const approver = await vault.identity('approver');
  const sarcher = await vault.identity('NS\\sarcher', 'domain_user');
  await vault.permit(script, { allAccess: true });
  await vault.permit(approver, { globalApprover: true });
  await vault.account({
    ...{ system: 'host01', kind: 'windows', namespace: 'EXAMPLE', account: 'svc-app', type: 'windows' },
    password: 'of svc-app',
  });
  const root = await vault.account({
    ...{ system: 'web1', account: 'root', address: '192.0.2.10', domainDns: 'corp.example', autoSpin: true },
  });
  const key = await vault.account({ system: 'web1', account: 'root', type: 'ssh_key', password: 'the private key' });
  const glass = await vault.account({ system: 'web1', account: 'breakglass' });
  const app = await vault.account({
    ...{ system: 'web1', kind: 'postgresql', namespace: '[PostgreSQL]', account: 'app', instance: 'main' },
    type: 'postgresql',
  });
  const admin = await vault.account({
    ...{
      system: 'NS',
      kind: 'domain',
      namespace: 'NS',
      account: 'sarcher.admin',
      type: 'windows',
      domainNetbios: 'NS',
    },
  });
  await vault.entry({ list: 'DBAs', system: 'SA - Effective 1/1/2020', account: 'sa', password: 'of sa' });
  await vault.entry({ list: 'Everywhere', system: '', account: 'NS\\jamos' });
  for (const credential of [root, key, app, admin]) await vault.delegate(sarcher, credential, { remoteSessions: true });
  await vault.delegate(sarcher, glass, { requestPasswords: true });
  await vault.mayUseList('Everywhere', sarcher);
  await vault.delegate(script, root, { spin: true });
  await vault.delegate(ecm, root, { spin: true });
  await vault.database.system(async (tx) => {
    for (const target of [sarcher, approver]) await setImpersonation(tx, ecm, target, true);
  });
  return vault;
};
