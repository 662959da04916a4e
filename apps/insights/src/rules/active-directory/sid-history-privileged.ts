import { directoryPrivilege, directoryStream, listIn } from '../directory.ts';
import { defineRule, evidence, fact, subject } from '../rule.ts';

export const sidHistoryPrivileged = defineRule({
  id: 'sid-history-privileged',
  catalogue: 'AD12',
  title: 'SID history holds a privileged group or the own domain',
  summary:
    'The account carries, beside its own, the identifier of a privileged group or of an account of the same domain.',
  why: 'It has what that group has, without being a member of it: nobody sees it in a list.',
  kind: 'recommendation',
  connectors: ['insights-collector'],
  severity: 'critical',
  mitre: ['T1134.005'],
  needs: [directoryStream('users'), ...directoryPrivilege],
  subject: 'accounts',
  sql: `
    select distinct on (a.connection_id, a.stream, a.id) ${subject('accounts', 'a', '4')},
      ${evidence(fact('sIDHistory', `(select string_agg(one, ', ') from ${listIn('a', 'sIDHistory')} one)`, 'accounts', 'a'))}
    from accounts a cross join lateral ${listIn('a', 'sIDHistory')} as former
    where coalesce(a.status, 'enabled') <> 'deleted' and (former ~ '-(500|502|512|516|518|519)$' or former ~ '^S-1-5-32-(544|548|549|550|551)$'
      or regexp_replace(former, '-[0-9]+$', '') = regexp_replace(a.id, '-[0-9]+$', ''))`,
  unseen: `
    select a.connection_id, a.stream, a.id, 'A former identifier of an account cannot be read.' as reason
    from accounts a where jsonb_typeof(a.raw->'sIDHistory') = 'array' and a.raw->'sIDHistory' @> '[null]'`,
  remediation: [
    'Clear sIDHistory of the account: `Get-ADUser … | Set-ADUser -Remove @{sIDHistory="…"}`.',
    'If nobody knows why it is there, treat the account as an intruder’s.',
  ],
});
