import { directoryPrivilege, directoryStream, isTierZero } from '../directory.ts';
import { defineRule, evidence, fact, subject } from '../rule.ts';

export const keyCredentialOnTierZero = defineRule({
  id: 'key-credential-on-tier-zero',
  catalogue: 'AD14',
  title: 'Tier 0 account has a key without a device',
  summary: 'A key by which the account signs in instead of a password belongs to no device that is known.',
  why: 'Whoever wrote it there signs in as the account, also after its password was changed.',
  kind: 'recommendation',
  connectors: ['insights-collector'],
  severity: 'high',
  mitre: ['T1556'],
  needs: [directoryStream('users'), directoryStream('computers'), ...directoryPrivilege],
  subject: 'accounts',
  sql: `
    select ${subject('accounts', 'a', '4')},
      ${evidence(
        fact(
          'Keys',
          `(select string_agg(concat_ws(' ', key->>'usage', key->>'source', coalesce(key->>'deviceId', 'without device'), left(key->>'createdAt', 10)), '; ')
          from jsonb_array_elements(a.raw->'keys') key)`,
          'accounts',
          'a',
        ),
      )}
    from accounts a
    where a.status = 'enabled' and ${isTierZero('a.connection_id', 'a.id')} and jsonb_typeof(a.raw->'keys') = 'array'
      and exists (select from jsonb_array_elements(a.raw->'keys') key
        where key->>'usage' is not null and (key->>'deviceId' is null or key->>'deviceId' ~ '^[0-]+$'))`,
  unseen: `
    select a.connection_id, a.stream, a.id, 'A key of an account of Tier 0 cannot be read.' as reason
    from accounts a where ${isTierZero('a.connection_id', 'a.id')} and jsonb_typeof(a.raw->'keys') = 'array'
      and exists (select from jsonb_array_elements(a.raw->'keys') key where key->>'usage' is null)`,
  remediation: [
    'Compare the keys with the devices that the person registered; remove the others from msDS-KeyCredentialLink.',
    'Find out who wrote them (event 5136), and who may: members of Key Admins, and whoever holds AddKeyCredentialLink.',
  ],
});
