import { privilege } from '../needs.ts';
import { defineRule, evidence, fact, levelWord, subject } from '../rule.ts';

export const privilegedWithPhishableMfa = defineRule({
  id: 'privileged-with-phishable-mfa',
  catalogue: 'X03',
  title: 'Privileged person whose second factors can all be phished',
  summary:
    'The best second factor of a person with high privilege is a code, a call or a push without a number to match.',
  why: 'A fake sign-in page passes such a factor on while the person types it, and a push that arrives often enough gets approved.',
  kind: 'recommendation',
  connectors: ['okta', 'github'],
  severity: 'high',
  mitre: ['T1621', 'T1557'],
  needs: [...privilege, 'okta.factors'],
  subject: 'accounts',
  sql: `
    select ${subject('accounts', 'a', 'a.true_privilege')},
      ${evidence(
        fact('Best second factor', 'a.mfa_state', 'accounts', 'a'),
        fact('Active factors', "coalesce(f.types, 'told by the system')", 'accounts', 'a'),
        fact('True Privilege', levelWord('a.true_privilege'), 'accounts', 'a'),
      )}
    from accounts a
      left join (
        select connection_id, account_id, string_agg(distinct type, ', ' order by type) as types
        from factors where status = 'active' group by connection_id, account_id
      ) f on f.connection_id = a.connection_id and f.account_id = a.id
    where a.status = 'enabled' and a.type in ('user', 'guest') and a.true_privilege >= 3 and a.mfa_state = 'weak'`,
  unseen: `
    select a.connection_id, a.stream, a.id, 'The second factors of privileged people are not known.' as reason
    from accounts a
    where a.status = 'enabled' and a.type in ('user', 'guest') and a.true_privilege >= 3 and coalesce(a.mfa_state, 'unknown') = 'unknown'`,
  remediation: [
    'Give the person a security key, or have them make a passkey.',
    'Take away the weak factors once the strong one works: an attacker chooses the weakest.',
    'Ask for phishing-resistant factors in the policy of everything these people administer.',
  ],
});
