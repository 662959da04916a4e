import { directoryStream } from '../directory.ts';
import { day, defineRule, evidence, fact, subject } from '../rule.ts';

/** When it was disabled, as Okta tells it; else since when we have seen it so. */
const since = `least(h.changed_at, case when h.raw->>'statusChanged' ~ '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$'
    then (h.raw->>'statusChanged')::timestamptz end)`;

/** Connections of a collector that reads a domain. */
const isDomain = `c.connector = 'insights-collector' and exists (
  select from resources d where d.connection_id = c.connection_id and d.type = 'domain')`;

/** Whether the account is where its person is managed: at the identity provider, else in the directory. */
const isMaster = (account: string): string => `(c.connector = 'okta' or ${account}.id like 'S-1-5-21-%' and not exists (
  select from accounts p join connections q using (connection_id)
  where p.identity_id = ${account}.identity_id and q.connector = 'okta'))`;

export const leaverWithAccess = defineRule({
  id: 'leaver-with-access',
  catalogue: 'X05',
  title: 'Access left after leaving',
  summary:
    'The person’s account at the identity provider, or in the directory where they have none there, has been disabled for more than a day, and another account of theirs is still enabled.',
  why: 'Whoever has left, or whoever was shut out after an incident, can go on working with the account that was forgotten.',
  kind: 'recommendation',
  connectors: ['github', 'insights-collector'],
  severity: 'high',
  mitre: ['T1078'],
  needs: ['github.members', 'github.outside-collaborators', directoryStream('users')],
  subject: 'accounts',
  sql: `
    select ${subject('accounts', 'a', 'a.true_privilege')},
      ${evidence(
        fact('Status where people are managed', 'coalesce(h.status_reason, h.status)', 'accounts', 'h'),
        fact('Disabled since at least', day(since, 'not told'), 'accounts', 'h'),
        fact('Status of this account', 'a.status', 'accounts', 'a'),
      )}
    from accounts a
      cross join settings s
      join lateral (
        select h.* from accounts h join connections c using (connection_id)
        where h.identity_id = a.identity_id and ${isMaster('h')} and h.status in ('disabled', 'deleted')
          and ${since} < s.now - interval '1 day'
        order by ${since}, h.id limit 1) h on true
    where a.status = 'enabled' and a.connection_id <> h.connection_id
      and not exists (
        select from accounts o join connections c using (connection_id)
        where o.identity_id = a.identity_id and ${isMaster('o')} and coalesce(o.status, 'enabled') not in ('disabled', 'deleted'))`,
  unseen: `
    select a.connection_id, a.stream, a.id, 'The status of accounts at the identity provider is not known.' as reason
    from accounts a join accounts h on h.identity_id = a.identity_id and h.connection_id <> a.connection_id and h.status is null
      join connections c on c.connection_id = h.connection_id and ${isMaster('h')}
    where a.status = 'enabled'
    union all
    select r.connection_id, r.stream, r.id, 'No identity provider is connected that could say who has left.'
    from resources r
    where (r.type = 'organization' and not exists (select from connections c where c.connector = 'okta' or ${isDomain})
      or r.type = 'domain' and not exists (select from connections c where c.connector = 'okta'))`,
  remediation: [
    'Confirm that the person has left or must not have access.',
    'Remove the account from the organization, or disable it in the domain, and revoke its tokens and keys.',
    'Let the identity provider deprovision accounts here, so that the next leaver is removed without anybody thinking of it.',
  ],
});
