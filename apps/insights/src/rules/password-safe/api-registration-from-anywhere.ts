import { defineRule, evidence, fact, subject } from '../rule.ts';
import { vaultConnectors, vaultStreams } from '../vault.ts';

/** Groups that hold everything and whose users may sign in with the registration. */
const administrators = `(
  select string_agg(g.name, ', ' order by g.name) from groups g
  where g.connection_id = c.connection_id and g.attributes->'registrationIds' ? c.id
    and exists (select from tier_zero t where t.connection_id = g.connection_id and t.kind = 'group' and t.id = g.id))`;

export const apiRegistrationFromAnywhere = defineRule({
  id: 'api-registration-from-anywhere',
  catalogue: 'B04',
  title: 'API key of administrators works from anywhere',
  summary: 'A key of the API can be used as an administrator, and no rule says from which addresses.',
  why: 'Whoever finds the key in a script or a log becomes an administrator of the vault, from wherever they are.',
  kind: 'recommendation',
  connectors: vaultConnectors,
  severity: 'high',
  mitre: ['T1550.001'],
  needs: vaultStreams('api-registrations', 'user-groups', 'memberships', 'roles', 'smart-group-roles'),
  subject: 'credentials',
  sql: `
    select ${subject('credentials', 'c', '4')},
      ${evidence(
        fact('Groups of administrators that have it', administrators, 'credentials', 'c'),
        fact(
          'Asks for the password of the user',
          `coalesce(c.attributes->>'requiresPassword', 'not told')`,
          'credentials',
          'c',
        ),
      )}
    from credentials c
    where c.id like 'api-registration:%' and c.status = 'active' and coalesce(c.attributes->>'kind', 'apikeypolicy') = 'apikeypolicy'
      and c.attributes->'allowedAddresses' = '[]' and coalesce(c.attributes->>'requiresClientCertificate', 'false') = 'false'
      and ${administrators} is not null`,
  unseen: `
    select c.connection_id, c.stream, c.id, 'Password Safe does not tell of some API registrations whether they are in use.' as reason
    from credentials c where c.id like 'api-registration:%' and c.status is null and ${administrators} is not null`,
  remediation: [
    'Add the addresses of the machines that use the key to the authentication rules of the registration.',
    'Take the registration away from groups of administrators, and make a group that may do only what the program needs.',
    'Rotate the key, because it may be known already.',
  ],
});
