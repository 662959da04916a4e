import { statusOf } from '@gatehouse/host';
import { Fault, Secret } from '@gatehouse/kernel';
import { quoted, type Token, type Tokens } from '@gatehouse/vault-kit';
import { z } from 'zod';
import { toBase } from './address.ts';
import type { Wanted } from './names.ts';
import type { Settings } from './settings.ts';
import { by, type Call, LoggedIn, system } from './wire.ts';

/** The vault does not know an identity, or the API user may not act for it: it does not say which. */
class NotThatIdentity extends Fault {}

export interface Session {
  /** Runs `use` with a token of the API user. */
  asApiUser<T>(use: (token: Secret) => Promise<T>): Promise<T>;
  /** Runs `use` with a token of the first of these identities that the API user may act for; null where there is none. */
  asFirst<T>(
    wanted: readonly Wanted[],
    trace: (line: string) => void,
    use: (token: Secret, identity: string) => Promise<T>,
  ): Promise<T | null>;
  /** Why nothing could be done as an identity. */
  cannotAct(identity: string): Fault;
  /** Runs `use` with a token of the global approver. */
  asApprover<T>(approver: string, use: (token: Secret) => Promise<T>): Promise<T>;
  /** Logs in anew, whatever is remembered, and out again. */
  prove(): Promise<void>;
}

export const createSession = (call: Call, tokens: Tokens, settings: Settings): Session => {
  const { apiUser, apiPassword, authenticator, globalApprover, globalApproverPassword } = settings;
  const base = toBase(settings.endpointUrl);
  const api = authenticator === null ? apiUser : `${authenticator}\\${apiUser}`;
  // With the address in it: a token of one vault must never be sent to another, whatever is entered next.
  const keyOf = (...parts: readonly string[]) => JSON.stringify([base, api, ...parts]);

  const logIn = (user: string, password: Secret, domain: string | null) => async (): Promise<Token> => {
    const explicit = { LoginType: 1 };
    const ofDomain = { LoginType: 2, Authenticator: domain };
    const body = { Username: user, Password: password.reveal(), ...(domain === null ? explicit : ofDomain) };
    return toToken((await call('DoLogin2', body, LoggedIn, { repeatable: true })).body);
  };
  const logInApi = logIn(apiUser, apiPassword, authenticator);

  const asApiUser: Session['asApiUser'] = (use) => tokens.using(keyOf('log-in'), logInApi, use);

  const impersonate = (name: string) => (): Promise<Token> =>
    asApiUser(async (token) => {
      const body = { ...by(token), IdentityName: name, Comment: 'Remote session through the ECM' };
      try {
        return toToken((await call('DoImpersonate', body, LoggedIn, { repeatable: true })).body);
      } catch (error) {
        if (!(error instanceof Fault) || statusOf(error) !== 403) throw error;
        throw cannotAct(name, error.detail);
      }
    });
  const as = <T>(name: string, use: (token: Secret) => Promise<T>): Promise<T> =>
    tokens.using(keyOf('as', name), impersonate(name), use);

  return {
    ...{ asApiUser, cannotAct },
    async asFirst(wanted, trace, use) {
      for (const { name, why } of wanted) {
        trace(`asking as the identity ${quoted(name)}: ${why}`);
        try {
          return await as(name, (token) => use(token, name));
        } catch (error) {
          if (!(error instanceof NotThatIdentity)) throw error;
          trace(`the vault does not know ${quoted(name)}, or ${quoted(api)} has no impersonation mapping to it`);
        }
      }
      return null;
    },
    asApprover: (approver, use) =>
      globalApproverPassword === null
        ? as(approver, use)
        : tokens.using(keyOf('approver', approver), logIn(approver, globalApproverPassword, null), use),
    async prove() {
      const all = [logInApi];
      if (globalApprover !== null && globalApproverPassword !== null)
        all.push(logIn(globalApprover, globalApproverPassword, null));
      for (const enter of all) {
        const { value } = await enter();
        await call('DoLogout', by(value), z.unknown());
      }
    },
  };
};

const toToken = ({ OperationMessage, ExpiresUTC }: typeof LoggedIn._zod.output): Token => ({
  value: new Secret(OperationMessage),
  expiresAt: ExpiresUTC ? new Date(ExpiresUTC) : null,
});

const cannotAct = (name: string, detail?: string): NotThatIdentity =>
  new NotThatIdentity(
    'forbidden',
    `${system} does not know ${quoted(name)}, or does not let the API user act for it. Add an impersonation mapping.`,
    detail,
  );
