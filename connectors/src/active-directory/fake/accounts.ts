import type { Outcome } from './answer.ts';
import type { Rights } from './search.ts';

/** Somebody who may sign in. */
export interface FakeAccount {
  /** `gatehouse@corp.example`, `CORP\gatehouse`, a distinguished name: compared without case. */
  readonly names: readonly string[];
  password: string;
  /** Windows error in hexadecimal that refuses even the right password: `533` disabled, `775` locked out. */
  refusedWith?: string;
  readonly rights?: Partial<Rights>;
}

/** Who may sign in, and how often somebody tried with a wrong password. */
export interface Accounts {
  /** Null: refused, as Active Directory says it. An empty password signs in nobody, with success. */
  signIn(name: string, password: string): { outcome: Outcome; rights: Rights | null };
  /** Wrong passwords so far; the fifth locks the account out. */
  wrongPasswords(): number;
}

export const createAccounts = (accounts: readonly FakeAccount[]): Accounts => {
  const wrong = new Map<FakeAccount, number>();
  return {
    wrongPasswords: () => [...wrong.values()].reduce((sum, count) => sum + count, 0),
    signIn(name, password) {
      if (password === '') return { outcome: { code: 0 }, rights: null };
      const account = accounts.find(({ names }) => names.some((one) => one.toLowerCase() === name.toLowerCase()));
      if (account === undefined) return refused('52e');
      const tries = wrong.get(account) ?? 0;
      if (tries >= lockedAfter) return refused('775');
      if (account.password !== password) {
        wrong.set(account, tries + 1);
        return refused('52e');
      }
      if (account.refusedWith !== undefined) return refused(account.refusedWith);
      return { outcome: { code: 0 }, rights: { readSacl: false, dirSync: true, ...account.rights } };
    },
  };
};

const lockedAfter = 5;

const refused = (subCode: string) => ({
  outcome: {
    code: 49,
    diagnostic: `80090308: LdapErr: DSID-0C090439, comment: AcceptSecurityContext error, data ${subCode}, v4563\0`,
  },
  rights: null,
});
