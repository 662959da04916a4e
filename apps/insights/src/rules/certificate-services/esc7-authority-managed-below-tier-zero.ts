import { rightsOn } from '../../privilege/index.ts';
import { defineAuthorityRule, unseenAuthorities } from '../authorities.ts';
import { directoryPrivilege, isBelowTierZero, principalName } from '../directory.ts';
import { fact } from '../rule.ts';

/** Who manages the authority, as rows that look like grants. */
const managers = (isCertain: boolean) => `(
  select p.connection_id, held->>'trustee' as principal_id, held->>'right' as "right" from ${rightsOn('p')}
  where held->>'right' in ('ManageCA', 'ManageCertificates') and held->>'isCertain' = '${isCertain}') e`;
const isManaged = `exists (select from ${managers(true)} where ${isBelowTierZero('e')})`;
const mayBeManaged = `exists (select from ${managers(false)} where ${isBelowTierZero('e')})`;

export const esc7AuthorityManagedBelowTierZero = defineAuthorityRule({
  id: 'esc7-authority-managed-below-tier-zero',
  catalogue: 'ESC7',
  title: 'Somebody outside Tier 0 manages a certification authority (ESC7)',
  summary: 'ManageCA or ManageCertificates of an authority is given to somebody outside Tier 0.',
  why: 'They approve their own requests, or set the flags that let any request name a domain administrator.',
  severity: 'critical',
  needs: directoryPrivilege,
  where: isManaged,
  facts: [
    fact(
      'Who',
      `(select string_agg(distinct ${principalName('e')} || ': ' || e."right", ', ') from ${managers(true)} where ${isBelowTierZero('e')})`,
      'policies',
      'p',
    ),
  ],
  unseen: `
    ${unseenAuthorities('false', '')}
    union all
    select p.connection_id, p.stream, p.id, 'Who manages an authority is not wholly known.' as reason from policies p
    where p.type = 'certification_authority' and not ${isManaged}
      and (coalesce(p.settings->>'areRightsWhole', 'false') <> 'true' or ${mayBeManaged})`,
  remediation: [
    'In the Certification Authority console open the properties of the authority, Security, and leave “Manage CA” and “Issue and Manage Certificates” to groups of Tier 0.',
    'Look through what was approved by hand, and at changes of the settings (events 4890 and 4891).',
  ],
});
