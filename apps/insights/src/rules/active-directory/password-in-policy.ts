import { directoryStream } from '../directory.ts';
import { defineRule, evidence, fact, subject } from '../rule.ts';

const logons = `jsonb_array_elements(case when jsonb_typeof(p.settings->'logons') = 'array' then p.settings->'logons' else '[]' end) logon`;
const hasLogons = `exists (select from ${logons})`;
const joined = (word: string, otherwise: string) =>
  `(select string_agg(distinct coalesce(logon->>'${word}', '${otherwise}'), ', ') from ${logons})`;

export const passwordInPolicy = defineRule({
  id: 'password-in-policy',
  catalogue: 'AD16',
  title: 'Password stands in a policy that everybody can read',
  summary:
    'A preference of a group policy holds a password (cpassword), enciphered with a key that Microsoft published.',
  why: 'Every user of the domain can read the files of policies in SYSVOL and has the password in a second, also where the policy is linked to nothing.',
  kind: 'recommendation',
  connectors: ['insights-collector'],
  severity: 'high',
  mitre: ['T1552.006'],
  needs: [directoryStream('policy-settings')],
  subject: 'policies',
  sql: `
    select ${subject('policies', 'p')},
      ${evidence(
        fact('Password of', joined('account', 'an account without a name'), 'policies', 'p'),
        fact('In', joined('file', 'a file'), 'policies', 'p'),
        fact('Since', joined('changedOn', 'a day that it does not say'), 'policies', 'p'),
      )}
    from policies p where p.type = 'group_policy' and ${hasLogons}`,
  unseen: `
    select p.connection_id, p.stream, p.id, 'Some files of a policy could not be read.' as reason
    from policies p where p.type = 'group_policy' and not ${hasLogons}
      and (coalesce(p.settings->>'isRead', 'false') <> 'true' or coalesce(p.settings->'unread', '[]') <> '[]'::jsonb)`,
  remediation: [
    'Change the password wherever it is used: it has been readable for as long as the file was there.',
    'Delete the preference in the editor of the policy, and look that the file is gone from SYSVOL on every controller.',
    'Let LAPS set the passwords of local administrators, and managed service accounts those of services.',
  ],
});
