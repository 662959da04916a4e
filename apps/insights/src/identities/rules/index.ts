import { adminAccount } from './admin-account.ts';
import { directoryAccount } from './directory-account.ts';
import { displayName } from './display-name.ts';
import { employeeNumber } from './employee-number.ts';
import { externalId } from './external-id.ts';
import { immutableId } from './immutable-id.ts';
import { login } from './login.ts';
import { otherAddress } from './other-address.ts';
import { primaryEmail } from './primary-email.ts';
import type { CorrelationRule } from './rule.ts';
import { samlNameId } from './saml-name-id.ts';
import { sid } from './sid.ts';
import { verifiedAddress } from './verified-address.ts';

/** Strongest first; the first that matches two accounts is the one that is told. */
export const correlationRules: readonly CorrelationRule[] = [
  sid,
  immutableId,
  externalId,
  samlNameId,
  directoryAccount,
  employeeNumber,
  primaryEmail,
  login,
  otherAddress,
  adminAccount,
  verifiedAddress,
  displayName,
];

/** What a stored rule is called on a page. */
export const ruleTitle = (rule: string): string =>
  rule === 'manual'
    ? 'Merged by hand'
    : rule === 'only'
      ? 'Nothing else matched'
      : (correlationRules.find(({ number }) => number === rule)?.title ?? rule);
