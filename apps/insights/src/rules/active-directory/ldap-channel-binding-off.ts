import {
  controllerNumber,
  controllerWord,
  isBefore2025,
  isUnknownThere,
  needsControllers,
  unseenControllers,
} from '../controllers.ts';
import { defineRule, evidence, fact, subject } from '../rule.ts';

const name = 'LdapEnforceChannelBinding';
/** 0 never, 1 where the other side can, 2 always. */
const isOff = `case when ${isUnknownThere('p', name)} then null
  else coalesce(${controllerNumber('p', name)} = 0, ${isBefore2025('p')}) end`;

export const ldapChannelBindingOff = defineRule({
  id: 'ldap-channel-binding-off',
  catalogue: 'AD17',
  title: 'Domain controller does not bind sign-ins to their encrypted connection',
  summary: 'A domain controller takes sign-ins over LDAPS without looking at the channel binding.',
  why: 'A sign-in that was lured or caught elsewhere is passed on over LDAPS, where signing alone does not stop it.',
  kind: 'recommendation',
  connectors: ['insights-collector'],
  severity: 'high',
  mitre: ['T1557.001'],
  needs: needsControllers,
  subject: 'policies',
  sql: `
    select ${subject('policies', 'p', '4')},
      ${evidence(
        fact(name, controllerWord('p', name), 'policies', 'p'),
        fact('Operating system', `coalesce(p.settings->>'operatingSystem', 'not known')`, 'policies', 'p'),
      )}
    from policies p where p.type = 'domain_controller' and ${isOff}`,
  unseen: unseenControllers(isOff, 'Whether a domain controller looks at channel bindings is not known.'),
  remediation: [
    'Set “Domain controller: LDAP server channel binding token requirements” to “When supported” in a policy of the controllers.',
    'When event 3039 of the Directory Service log names nobody any more, set it to “Always”.',
  ],
});
