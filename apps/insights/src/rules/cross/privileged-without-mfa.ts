import { privilege } from '../needs.ts';
import { defineRule, evidence, fact, levelWord, subject } from '../rule.ts';

export const privilegedWithoutMfa = defineRule({
  id: 'privileged-without-mfa',
  catalogue: 'X02',
  title: 'Privileged person without a second factor',
  summary: 'A person’s enabled account with high privilege has no second factor.',
  why: 'A password that is guessed, reused or phished is then enough to act with this privilege.',
  kind: 'recommendation',
  connectors: ['okta', 'github'],
  severity: 'critical',
  mitre: ['T1078.004'],
  needs: [...privilege, 'okta.factors'],
  subject: 'accounts',
  sql: `
    select ${subject('accounts', 'a', 'a.true_privilege')},
      ${evidence(
        fact('Second factor', 'a.mfa_state', 'accounts', 'a'),
        fact('True Privilege', levelWord('a.true_privilege'), 'accounts', 'a'),
      )}
    from accounts a
    where a.status = 'enabled' and a.type in ('user', 'guest') and a.true_privilege >= 3 and a.mfa_state = 'none'`,
  unseen: `
    select a.connection_id, a.stream, a.id, 'The second factors of privileged people are not known.' as reason
    from accounts a
    where a.status = 'enabled' and a.type in ('user', 'guest') and a.true_privilege >= 3 and coalesce(a.mfa_state, 'unknown') = 'unknown'`,
  remediation: [
    'Have the person enrol a phishing-resistant factor (a passkey or a security key) now.',
    'Until then take the privileged roles away.',
    'Let a policy ask everyone with these roles for a second factor, so that it cannot be left out again.',
  ],
});
