import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { Domain, Login } from './domain.ts';
import { kerberosSignIn, ldapModify, ldapSignIn } from './ldap-tools.ts';
import { accounts, dnOf } from './seed/accounts.ts';
import { groupDn, groups } from './seed/groups.ts';
import { passwordValue } from './seed/ldif.ts';
import { dnsDomain, password } from './seed/names.ts';

/** One line of Samba's JSON audit log: "type" names the member that holds the event. */
export interface AuditEvent {
  readonly timestamp: string;
  readonly type: string;
  readonly [member: string]: unknown;
}

/** Every event so far, in order. Lines that are no JSON are headings of Samba's log. */
export const readAuditLog = (domain: Domain): readonly AuditEvent[] => {
  if (!existsSync(domain.auditLog)) return [];
  return readFileSync(domain.auditLog, 'utf8')
    .split('\n')
    .filter((line) => line.trimStart().startsWith('{"timestamp"') && line.endsWith('}'))
    .map((line) => JSON.parse(line));
};

/** What `makeActivity` did, as the names that events carry. */
export interface Activity {
  readonly signedIn: string;
  readonly refused: string;
  readonly unknown: string;
  readonly changedPassword: string;
  readonly group: string;
}

/**
 * Makes events of every kind that the log knows: sign-ins that succeed, fail and name nobody, by LDAP and Kerberos; a
 * password that its owner changes and an administrator sets back; a member that joins a group and leaves it. Can be
 * repeated: everything is as before at its end.
 */
export const makeActivity = async (domain: Domain): Promise<Activity> => {
  const subject: Login = {
    name: accounts.subject.name,
    dn: dnOf(accounts.subject),
    userPrincipalName: `${accounts.subject.name}@${dnsDomain}`,
    password,
  };
  const wrong = { ...subject, password: 'not-the-password' };
  const nobody = { ...wrong, name: 'nobody.at.all', userPrincipalName: `nobody.at.all@${dnsDomain}` };

  await expectCode(0, ldapSignIn(domain, domain.reader));
  await expectCode(0, kerberosSignIn(domain, domain.reader));
  for (const refused of [wrong, nobody]) {
    await expectCode(invalidCredentials, ldapSignIn(domain, refused));
    await expectCode(1, kerberosSignIn(domain, refused));
  }

  // Never one that was used before: the history of passwords would refuse it.
  const next = `Next-${randomBytes(9).toString('hex')}`;
  await ldapModify(
    domain,
    subject,
    modify(subject.dn, [`delete: unicodePwd`, unicodePwd(password)], [`add: unicodePwd`, unicodePwd(next)]),
  );
  await ldapModify(domain, domain.administrator, modify(subject.dn, [`replace: unicodePwd`, unicodePwd(password)]));

  const group = groupDn(groups.helpDesk.name);
  for (const how of ['add', 'delete'])
    await ldapModify(domain, domain.administrator, modify(group, [`${how}: member`, `member: ${subject.dn}`]));
  return {
    signedIn: domain.reader.name,
    refused: subject.name,
    unknown: nobody.name,
    changedPassword: subject.name,
    group: groups.helpDesk.name,
  };
};

const invalidCredentials = 49;

const expectCode = async (wanted: number, running: Promise<{ code: number | null; stderr: string }>) => {
  const { code, stderr } = await running;
  if (code !== wanted) throw new Error(`A sign-in ended with ${code} instead of ${wanted}: ${stderr}`);
};

const modify = (dn: string, ...changes: readonly (readonly string[])[]): string =>
  `dn: ${dn}\nchangetype: modify\n${changes.map((lines) => `${lines.join('\n')}\n-\n`).join('')}\n`;
const unicodePwd = (value: string): string => `unicodePwd:: ${passwordValue(value).toString('base64')}`;
