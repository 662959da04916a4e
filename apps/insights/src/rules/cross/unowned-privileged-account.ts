import { directoryStream, directoryTruePrivilege } from '../directory.ts';
import { privilege } from '../needs.ts';
import { defineRule, evidence, fact, levelWord, subject } from '../rule.ts';

export const unownedPrivilegedAccount = defineRule({
  id: 'unowned-privileged-account',
  catalogue: 'X06',
  title: 'Privileged account that belongs to nobody known',
  summary: 'An enabled account with high privilege is tied to no person of the identity provider and has no owner.',
  why: 'Nobody answers for it, it does not end when its person leaves, and no policy of the identity provider holds for it.',
  kind: 'recommendation',
  connectors: ['okta', 'github', 'insights-collector'],
  severity: 'medium',
  mitre: ['T1078'],
  needs: [...privilege, directoryStream('users'), ...directoryTruePrivilege],
  subject: 'accounts',
  sql: `
    select ${subject('accounts', 'a', 'a.true_privilege')},
      ${evidence(
        fact('Other accounts of the identity', "'none'", 'accounts', 'a'),
        fact('Owners', "'none'", 'accounts', 'a'),
        fact('True Privilege', levelWord('a.true_privilege'), 'accounts', 'a'),
      )}
    from accounts a join connections c using (connection_id)
    where a.status = 'enabled' and a.true_privilege >= 3 and cardinality(a.owners) = 0
      -- A person's account at the provider is where the person is known.
      and (c.connector <> 'okta' or a.type in ('service', 'bot', 'app'))
      -- Machines of Tier 0, and what every domain has, belong to the domain.
      and a.type is distinct from 'computer' and a.id !~ '^S-1-5-21-[0-9-]+-500$'
      and exists (select from connections p where p.connector = 'okta')
      and not exists (
        select from accounts o where o.identity_id = a.identity_id
          and (o.connection_id, o.stream, o.id) <> (a.connection_id, a.stream, a.id))`,
  unseen: `
    select a.connection_id, a.stream, a.id, 'No identity provider is connected that could say to whom accounts belong.' as reason
    from accounts a
    where a.status = 'enabled' and a.true_privilege >= 3 and not exists (select from connections p where p.connector = 'okta')
    union all
    select a.connection_id, a.stream, a.id, 'The privilege of some accounts is undetermined.'
    from accounts a join connections c using (connection_id)
    where a.status = 'enabled' and a.true_privilege is null and c.connector <> 'okta'`,
  remediation: [
    'Find out who uses the account: its history and its keys usually tell.',
    'Tie it to its person: have the person sign in through the identity provider, or merge the identities here.',
    'If it is a machine’s, name an owner. If it is nobody’s, remove it.',
  ],
});
