import { directoryPrivilege, directoryStream, isTierZero, listIn } from '../directory.ts';
import { defineRule, evidence, fact, subject } from '../rule.ts';
import { certificateRule } from './certificate-rule.ts';

export const esc14WeakCertificateMapping = defineRule({
  ...certificateRule,
  id: 'esc14-weak-certificate-mapping',
  catalogue: 'ESC14',
  title: 'Tier 0 account is mapped to certificates by a weak sign (ESC14)',
  summary:
    'altSecurityIdentities of an account of Tier 0 names certificates by a name or an address, which others may get a certificate for.',
  why: 'Whoever gets a certificate with that name or address signs in as the account.',
  severity: 'high',
  needs: [directoryStream('users'), directoryStream('computers'), ...directoryPrivilege],
  subject: 'accounts',
  sql: `
    select distinct on (a.connection_id, a.stream, a.id) ${subject('accounts', 'a', '4')},
      ${evidence(fact('altSecurityIdentities', `(select string_agg(one, '; ') from ${listIn('a', 'altSecurityIdentities')} one)`, 'accounts', 'a'))}
    from accounts a cross join lateral ${listIn('a', 'altSecurityIdentities')} as mapping
    where a.status = 'enabled' and ${isTierZero('a.connection_id', 'a.id')}
      -- Strong are an issuer with a serial number, a key identifier, and a hash of the key (KB5014754).
      and mapping ~* '^X509:' and mapping !~* '^X509:(<I>.*<SR>|<SKI>|<SHA1-PUKEY>)'`,
  unseen: `
    select a.connection_id, a.stream, a.id, 'A mapping of an account of Tier 0 cannot be read.' as reason
    from accounts a where jsonb_typeof(a.raw->'altSecurityIdentities') = 'array' and a.raw->'altSecurityIdentities' @> '[null]' and ${isTierZero('a.connection_id', 'a.id')}`,
  remediation: [
    'Map by issuer and serial number (`X509:<I>…<SR>…`), by the key identifier or by the hash of the public key.',
    'Take mappings away that nobody uses any more.',
  ],
});
