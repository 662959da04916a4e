import type { Matching } from './rule.ts';

/** Lower case, the plus-tag kept; null when it is no mail address. */
export const toAddress = (text: string | null): string | null => {
  const address =
    text
      ?.trim()
      .replace(/^smtp:/i, '')
      .toLowerCase() ?? '';
  return /^[^\s@]{1,200}@[^\s@]{1,200}$/.test(address) ? address : null;
};

/** Whether the address is of a domain that the tenant says it owns, exactly: a subdomain is another domain. */
export const isOwned = (address: string, { ownedDomains }: Matching): boolean =>
  ownedDomains.has(address.slice(address.lastIndexOf('@') + 1));

/** Whether the address belongs to a role or to several people rather than to one. */
export const isShared = (address: string): boolean => {
  const box = address.slice(0, address.indexOf('@')).replace(/\+.*$/, '');
  return (
    sharedBoxes.has(box) || /^(no-?reply|do-?not-?reply|shared|team|group|list|svc|service|bot)([._-]|$)/.test(box)
  );
};

const sharedBoxes: ReadonlySet<string> = new Set(
  (
    'abuse accounting accounts admin administrator administration all alerts backup billing careers contact customerservice ' +
    'dev developers devops dpo engineering enquiries everyone facilities feedback finance frontdesk github gitlab hello help ' +
    'helpdesk hostmaster hr info it itsupport jobs legal mail marketing media monitoring network news newsletter notifications ' +
    'office okta operations ops orders postmaster press privacy purchasing reception recruiting root sales security service ' +
    'staff support sysadmin system test training web webmaster'
  ).split(' '),
);
