import { Fault, type FaultKind, type Secret } from '@gatehouse/kernel';
import { bounded, redact } from '../redact.ts';
import { advices } from '../words.ts';
import type { Result } from './answer.ts';

/**
 * Where it may help to ask again: `here` after a while on the same connection, `elsewhere` at another controller or later
 * at this one, `others` at another controller only, or nowhere.
 */
export type Again = 'here' | 'elsewhere' | 'others' | 'never';

/** A failure of a directory, with what decides what is done next. */
export class LdapFault extends Fault {
  readonly again: Again;
  /** The result code (RFC 4511 4.1.9); null where no answer came. */
  readonly code: number | null;
  /** What Windows calls it, in hexadecimal without leading zeros (`52e`); null where it was not said. */
  readonly windowsCode: string | null;
  /** One word for the log of the server. */
  readonly problem: string;

  constructor(
    of: {
      kind: FaultKind;
      advice: string;
      detail: string;
      again: Again;
      problem: string;
      code?: number;
      windowsCode?: string | null;
    },
    options?: { cause?: unknown },
  ) {
    super(of.kind, of.advice, bounded(of.detail), options);
    this.again = of.again;
    this.code = of.code ?? null;
    this.windowsCode = of.windowsCode ?? null;
    this.problem = of.problem;
  }
}

/** The result code of a directory behind an error: 32 where the base of a search is not there. Null for any other error. */
export const ldapCodeOf = (error: unknown): number | null => (error instanceof LdapFault ? error.code : null);

/**
 * What Windows calls the failure behind an error, in hexadecimal: `52e` for a wrong password, `775` for a locked account,
 * `52d` for a new password against the policy. Null for any other error.
 */
export const windowsCodeOf = (error: unknown): string | null => (error instanceof LdapFault ? error.windowsCode : null);

/** What a result other than success means. `request` says in a few words what was asked. */
export const resultFault = (of: {
  system: string;
  controller: string;
  request: string;
  result: Result;
  password: Secret;
}): LdapFault => {
  const { system, controller, request, result, password } = of;
  const said = redact(result.diagnostic, [password.reveal()]);
  const subCode = result.code === invalidCredentials ? subCodeOf(result.diagnostic) : null;
  const { kind, again, advice } = meaningOf(system, result, subCode);
  return new LdapFault({
    ...{
      kind,
      again,
      advice,
      code: result.code,
      windowsCode: subCode ?? windowsCodeIn(result.diagnostic),
      problem: subCode === null ? `result ${result.code}` : `data ${subCode}`,
    },
    detail: `${controller} ${request} -> ${result.code} ${bounded(said, 500)}`,
  });
};

interface Meaning {
  readonly kind: FaultKind;
  readonly again: Again;
  readonly advice: string;
}

const meaningOf = (system: string, { code, referrals }: Result, subCode: string | null): Meaning => {
  if (code === invalidCredentials) {
    return { kind: 'unauthorized', again: 'never', advice: (signIns[subCode ?? ''] ?? advices.unauthorized)(system) };
  }
  if (code === referral) {
    const where = URL.parse(referrals[0] ?? '')?.hostname ?? '';
    const holder = where === '' ? 'another server' : bounded(where, 100);
    const advice = `${system} says that ${holder} holds this part of the directory. Make a connection to a domain controller of that domain.`;
    return { kind: 'misconfigured', again: 'never', advice };
  }
  const known = meanings[code];
  if (known === undefined) return { kind: 'unexpected', again: 'never', advice: advices.unexpected(system) };
  const [kind, again, words] = known;
  return { kind, again, advice: words(system) };
};

/** `80090308: LdapErr: DSID-0C090439, comment: AcceptSecurityContext error, data 52e, v4563`: the part behind `data`. */
const subCodeOf = (diagnostic: string): string | null =>
  /\bdata ([0-9a-f]{1,8})\b/i.exec(diagnostic.slice(0, 1_000))?.[1]?.toLowerCase() ?? null;

/** `0000052D: Constraint violation - …`: the number before the colon. */
const windowsCodeIn = (diagnostic: string): string | null =>
  /^0*([0-9a-f]{1,8}):/i.exec(diagnostic)?.[1]?.toLowerCase() ?? null;

const referral = 10;
const invalidCredentials = 49;

/** Windows error codes in hexadecimal, as a refused bind carries them. */
const signIns: Readonly<Record<string, (system: string) => string>> = {
  '525': (system) => `${system} does not know the account. Check the bind name, for example gatehouse@corp.example.`,
  '52e': (system) => `${system} refused the password. Enter the account's password again.`,
  '52f': (system) =>
    `${system} restricts where or how the account may sign in. Allow it to sign in from this server with a password.`,
  '530': (system) => `${system} does not let the account sign in at this time of day. Widen its logon hours.`,
  '531': (system) =>
    `${system} does not let the account sign in at this controller. Add the controllers to the account's "Log On To" list.`,
  '532': (system) => `The account's password at ${system} has expired. Set a new one and enter it here.`,
  '533': (system) => `The account is disabled at ${system}. Enable it, or enter another.`,
  '568': (system) => `The account is in too many groups for ${system} to let it sign in. Take it out of some.`,
  '701': (system) => `The account at ${system} has expired. Move its expiry date, or enter another.`,
  '773': (system) =>
    `The account must change its password before ${system} lets it in. Set a new one without that option and enter it here.`,
  '775': (system) =>
    `The account is locked out at ${system}. Find out where the wrong passwords come from, unlock it, then check the connection.`,
};

const meanings: Readonly<Record<number, readonly [FaultKind, Again, (system: string) => string]>> = {
  3: [
    'unreachable',
    'never',
    (system) =>
      `A search took longer than ${system} allows. Its controller is busy, or its LDAP policy MaxQueryDuration is too short.`,
  ],
  4: [
    'misconfigured',
    'never',
    (system) =>
      `${system} sends fewer entries than were asked for and does not page them. Set MaxPageSize of its LDAP policy to 1,000 or more.`,
  ],
  7: [
    'misconfigured',
    'never',
    (system) =>
      `${system} does not let anybody sign in with a name and a password over LDAP. Allow simple binds over TLS.`,
  ],
  8: [
    'misconfigured',
    'never',
    (system) =>
      `${system} demands a stronger way to sign in than a password over TLS. Let "LDAP server signing requirements" accept TLS for this account.`,
  ],
  11: [
    'misconfigured',
    'never',
    (system) =>
      `A search went over an administrative limit of ${system}. Raise MaxResultSetSize or MaxTempTableSize in its LDAP policy.`,
  ],
  12: [
    'misconfigured',
    'never',
    (system) =>
      `${system} does not support a control that reading needs. Enter a domain controller of Active Directory, not a global catalog or another directory.`,
  ],
  32: [
    'misconfigured',
    'never',
    (system) =>
      `A part of ${system} that was asked for is not there, or the account may not see it. Check the base and the account's rights.`,
  ],
  34: ['misconfigured', 'never', (system) => `${system} does not take the distinguished name. Check its spelling.`],
  48: ['misconfigured', 'never', (system) => `${system} does not let this account sign in with a password.`],
  50: [
    'forbidden',
    'never',
    (system) =>
      `${system} does not let the account read this. Grant it the documented permission; changes by DirSync need "Replicating Directory Changes".`,
  ],
  51: ['throttled', 'here', (system) => `The controller of ${system} is busy. The next run tries again.`],
  52: [
    'unreachable',
    'elsewhere',
    (system) => `The controller of ${system} is starting or shutting down. The next run tries again.`,
  ],
  53: [
    'forbidden',
    'never',
    (system) => `${system} is not willing to do what was asked. Check that the account may read this part of it.`,
  ],
};
