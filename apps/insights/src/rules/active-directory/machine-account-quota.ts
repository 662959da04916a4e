import { given } from '../controller-privileges.ts';
import { directoryStream, isBroad } from '../directory.ts';
import { defineRule, evidence, fact, subject } from '../rule.ts';

const saysWho = `g.connection_id = r.connection_id and g.place = 1 and g.privilege = 'SeMachineAccountPrivilege'`;

export const machineAccountQuota = defineRule({
  id: 'machine-account-quota',
  catalogue: 'AD10',
  title: 'Everybody may add computers to the domain',
  summary: 'Any user may make computer accounts, up to the quota of the domain.',
  why: 'Many attacks need a computer account of one’s own: this gives it to everybody.',
  kind: 'recommendation',
  connectors: ['insights-collector'],
  severity: 'medium',
  mitre: ['T1136.002'],
  needs: [directoryStream('containers')],
  subject: 'resources',
  sql: `
    select ${subject('resources', 'r')}, ${evidence(fact('ms-DS-MachineAccountQuota', `r.attributes->>'machineAccountQuota'`, 'resources', 'r'))}
    from resources r where r.type = 'domain' and (r.attributes->>'machineAccountQuota')::int > 0
      -- A policy may have taken the privilege that it takes from everybody.
      and (not exists (select from ${given} g where ${saysWho}) or exists (
        select from ${given} g where ${saysWho} and g.holder is not null and (g.principal_id is null or ${isBroad('g.principal_id')})))`,
  unseen: `
    select r.connection_id, r.stream, r.id, 'The quota of the domain may not be read.' as reason
    from resources r where r.type = 'domain' and r.attributes->>'machineAccountQuota' is null`,
  remediation: [
    'Set ms-DS-MachineAccountQuota of the domain to 0: `Set-ADDomain -Replace @{"ms-DS-MachineAccountQuota"="0"}`.',
    'Delegate making computers to those who do it, on the organisational units where they do it.',
  ],
});
