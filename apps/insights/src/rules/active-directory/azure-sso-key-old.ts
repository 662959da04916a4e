import { directoryStream } from '../directory.ts';
import { day, defineRule, evidence, fact, subject } from '../rule.ts';

export const azureSsoKeyOld = defineRule({
  id: 'azure-sso-key-old',
  catalogue: 'AD20',
  title: 'Key of seamless single sign-on is old',
  summary: 'The password of AZUREADSSOACC$ has not been changed for more than forty days.',
  why: 'Whoever has it signs in to Entra ID as anybody of this domain.',
  kind: 'recommendation',
  connectors: ['insights-collector'],
  severity: 'high',
  mitre: ['T1556.007'],
  needs: [directoryStream('computers')],
  subject: 'accounts',
  sql: `
    select ${subject('accounts', 'a', '4')}, ${evidence(fact('Password set', day('a.password_changed_at', 'never'), 'accounts', 'a'))}
    from accounts a cross join settings s
    where a.raw->>'sAMAccountName' = 'AZUREADSSOACC$' and a.password_changed_at < s.now - interval '40 days'`,
  unseen: `
    select a.connection_id, a.stream, a.id, 'When its password was set may not be read.' as reason
    from accounts a where a.raw->>'sAMAccountName' = 'AZUREADSSOACC$' and a.password_changed_at is null`,
  remediation: [
    'On the Entra Connect server: `Update-AzureADSSOForest`, every thirty days.',
    'If nobody uses seamless single sign-on any more, switch it off and delete the account.',
  ],
});
