import { filterValue, type Ldap, type LdapChange, ldapCodeOf, windowsCodeOf } from '@gatehouse/host';
import { Fault, type Secret } from '@gatehouse/kernel';
import { ChangeFault, changing, refusedBy, refusedNext } from './change-fault.ts';
import type { Context, ManagedAccount, ManagedSystem, Platform, Proof } from './platform.ts';
import { checkName, checkPassword, passwordOf, signsIn } from './proofs.ts';

/**
 * An account of Active Directory, over LDAPS at one domain controller. The account itself replaces its password by
 * proving the old one, which keeps the domain's rules of age and history; a login account with the right "Reset password"
 * sets it. A controller goes on taking the old password for network sign-ins by NTLM for an hour
 * (OldPasswordAllowedPeriod): that it still opens something is no sign that the change was not made.
 */
export const activeDirectory: Platform = {
  id: 'active-directory',
  title: 'Active Directory account (LDAPS)',
  proof: 'password',
  checkAccount: (account) => checkAccount(account),

  async verify(system, account, proof, context) {
    checkAccount(account);
    const ldap = ldapOf(system, account, proof, context);
    try {
      await ldap.rootDse();
      return true;
    } catch (error) {
      if (windowsCodeOf(error) === wrongPassword) return false;
      throw stateFault(system, error);
    } finally {
      ldap.close();
    }
  },

  change: (system, account, by, next, context) =>
    changing(async (sending) => {
      checkAccount(account);
      const password = passwordOf(next);
      checkPassword(password);
      const login = signsIn(account, by);
      checkAccount(login.account);
      const ldap = ldapOf(system, login.account, login.proof, context);
      try {
        const dn = await findDn(ldap, system, account);
        const value = inUtf16(password);
        const changes: readonly LdapChange[] =
          by.kind === 'self'
            ? [unicodePwd('delete', inUtf16(passwordOf(by.proof))), unicodePwd('add', value)]
            : [unicodePwd('replace', value)];
        sending();
        await ldap.modify(dn, changes);
      } catch (error) {
        throw changeFault(system, error);
      } finally {
        ldap.close();
      }
    }),
};

const ldapOf = (system: ManagedSystem, account: ManagedAccount, proof: Proof, { host }: Context): Ldap => {
  const { name, address, port, trust, addresses } = system;
  if (trust.kind !== 'certificate')
    throw new Fault('misconfigured', `${name} is reached by LDAPS, which trusts a certificate.`);
  const { namespace } = account;
  return host.ldap({
    ...{ controllers: [`ldaps://${address.includes(':') ? `[${address}]` : address}:${port ?? 636}`], system: name },
    ...(trust.authorities !== null && { certificateAuthorities: trust.authorities }),
    ...(addresses && { addresses: { [address.toLowerCase()]: addresses } }),
    bindName: namespace.includes('.') ? `${account.name}@${namespace}` : `${namespace}\\${account.name}`,
    password: passwordOf(proof),
    bounds: { connectMs: 10_000, answerMs: 20_000 },
  });
};

const findDn = async (ldap: Ldap, system: ManagedSystem, account: ManagedAccount): Promise<string> => {
  const { defaultNamingContext: base } = await ldap.rootDse();
  const filter = `(&(objectCategory=person)(sAMAccountName=${filterValue(account.name)}))`;
  for await (const { entries } of ldap.search({ base, scope: 'sub', filter, attributes: ['objectSid'] }))
    for (const { dn } of entries) return dn;
  throw new Fault('misconfigured', `${system.name} has no account ${account.namespace}\\${account.name}.`);
};

/** MS-ADTS 3.1.1.3.1.5.1: in quotation marks, in UTF-16. */
const inUtf16 = (password: Secret): Buffer => Buffer.from(`"${password.reveal()}"`, 'utf16le');
const unicodePwd = (operation: LdapChange['operation'], value: Buffer): LdapChange => ({
  ...{ operation, attribute: 'unicodePwd' },
  values: [value],
});

const checkAccount = ({ namespace, name }: ManagedAccount): void => {
  checkName(
    name,
    /^(?!-)[^"/\\[\]:;|=,+*?<>@\p{Cc}]{1,255}[^"/\\[\]:;|=,+*?<>@\p{Cc}. ]$|^[A-Za-z0-9_]$/u,
    'a sAMAccountName without " / \\ [ ] : ; | = , + * ? < > @, not beginning with a dash or ending with a dot.',
  );
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}$/.test(namespace))
    throw new Fault('misconfigured', 'The namespace of the account is its domain: CORP or corp.example.');
};

const wrongPassword = '52e';
/** ERROR_INVALID_PASSWORD: what a change proves is not the present password. */
const wrongOldPassword = '56';
const againstPolicy: ReadonlySet<string> = new Set(['52d', '52c', '52b']);

/** States of an account that a sign-in meets, with the right password or without. */
const states: Readonly<Record<string, (system: string) => string>> = {
  '525': (system) => `${system} has no account of this name.`,
  '52f': (system) => `${system} restricts where or how the account may sign in.`,
  '530': (system) => `${system} does not let the account sign in at this time of day.`,
  '531': (system) => `${system} does not let the account sign in at this controller.`,
  '532': (system) => `The account's password at ${system} has expired. A login account can set a new one.`,
  '533': (system) => `The account is disabled at ${system}.`,
  '701': (system) => `The account at ${system} has expired.`,
  '773': (system) => `The account must change its password before ${system} lets it in. A login account can set one.`,
  '775': (system) => `The account is locked out at ${system}. Unlock it there, or wait until that is over.`,
};

/** A refused sign-in that says nothing of the password is no wrong password. */
const stateFault = (system: ManagedSystem, error: unknown): unknown => {
  const advice = states[windowsCodeOf(error) ?? ''];
  if (advice === undefined || !(error instanceof Fault)) return error;
  return new Fault('forbidden', advice(system.name), error.detail, { cause: error });
};

/** What an answered change means; without an answer nobody knows, and `changing` says so. */
const changeFault = (system: ManagedSystem, error: unknown): unknown => {
  const code = ldapCodeOf(error);
  if (code === null || !(error instanceof Fault)) return error;
  const windows = windowsCodeOf(error) ?? '';
  const detail = error.detail ?? '';
  if (windows === wrongPassword || windows === wrongOldPassword)
    return refusedBy('unauthorized', `${system.name} refused the password of whoever makes the change.`, detail);
  if (againstPolicy.has(windows) || code === constraintViolation || code === unwillingToPerform)
    return refusedNext(
      system.name,
      'it is too short, too simple, was used before, or the present one is too young. The log of this server has its words.',
    );
  if (code === insufficientAccess)
    return refusedBy(
      'forbidden',
      `The login account may not set this password. Grant it "Reset password" at ${system.name}.`,
      detail,
    );
  const state = stateFault(system, error);
  return new ChangeFault('not-made', state instanceof Fault ? state : error, state === error ? null : 'by');
};

const constraintViolation = 19;
const insufficientAccess = 50;
const unwillingToPerform = 53;
