import { directoryPrivilege, directoryStream, isTierZero, listIn } from '../directory.ts';
import { defineRule, evidence, fact, subject } from '../rule.ts';

export const rodcRevealsPrivileged = defineRule({
  id: 'rodc-reveals-privileged',
  catalogue: 'AD24',
  title: 'Read-only controller may keep secrets of privileged accounts',
  summary: 'The list of accounts whose secrets a read-only domain controller may keep holds a privileged group.',
  why: 'A read-only controller stands where it may be stolen: whoever takes it has what it keeps.',
  kind: 'recommendation',
  connectors: ['insights-collector'],
  severity: 'high',
  mitre: ['T1003'],
  needs: [directoryStream('computers'), ...directoryPrivilege],
  subject: 'accounts',
  sql: `
    select distinct on (a.connection_id, a.stream, a.id) ${subject('accounts', 'a', '4')},
      ${evidence(
        fact(
          'May keep',
          `(select string_agg(one, '; ') from ${listIn('a', 'msDS-RevealOnDemandGroup')} one)`,
          'accounts',
          'a',
        ),
        fact('Privileged among them', 'p.name', 'groups', 'p'),
      )}
    -- Few machines have the list: they are found first, not joined with all groups of Tier 0.
    from (select * from accounts where jsonb_typeof(raw->'msDS-RevealOnDemandGroup') = 'array' offset 0) a
      cross join lateral ${listIn('a', 'msDS-RevealOnDemandGroup')} as kept
      join groups p on p.connection_id = a.connection_id and lower(p.attributes->>'dn') = lower(kept)
    where a.status = 'enabled' and ${isTierZero('p.connection_id', 'p.id')}`,
  unseen: `
    select a.connection_id, a.stream, a.id, 'Whether a read-only controller is in use is not known.' as reason
    from accounts a where a.status is null and jsonb_typeof(a.raw->'msDS-RevealOnDemandGroup') = 'array'`,
  remediation: [
    'Take the group out of “Password Replication Policy” of the read-only controller, and add it to the denied ones.',
    'Set new passwords for its members: they may be kept there already.',
  ],
});
