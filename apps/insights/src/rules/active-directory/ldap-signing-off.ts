import {
  controllerNumber,
  controllerWord,
  isBefore2025,
  isUnknownThere,
  needsControllers,
  unseenControllers,
} from '../controllers.ts';
import { defineRule, evidence, fact, subject } from '../rule.ts';

const name = 'LDAPServerIntegrity';
/** 2 demands it; where nothing is set it is not demanded, up to Windows Server 2022. */
const isOff = `case when ${isUnknownThere('p', name)} then null
  else coalesce(${controllerNumber('p', name)} < 2, ${isBefore2025('p')}) end`;

export const ldapSigningOff = defineRule({
  id: 'ldap-signing-off',
  catalogue: 'AD17',
  title: 'Domain controller takes LDAP requests that nobody signed',
  summary: 'A domain controller does not demand that requests over LDAP are signed.',
  why: 'Whoever lures or catches a sign-in in the network passes it on to the controller, and changes the directory in the name of its owner.',
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
  unseen: unseenControllers(isOff, 'Whether a domain controller demands signed LDAP is not known.'),
  remediation: [
    'Look for programs that do not sign: event 2889 of the Directory Service log names them (diagnostics level 2 of “16 LDAP Interface Events”).',
    'Set “Domain controller: LDAP server signing requirements” to “Require signing” in a policy of the controllers.',
  ],
});
