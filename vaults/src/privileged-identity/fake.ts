import { fakeVault, type VaultAnswer, type VaultDialect, type VaultFake } from '@gatehouse/vault-kit/testing';
import { type Body, operations, refusal } from './fake/operations.ts';
import { account, type FakeState, smallVault } from './fake/state.ts';

export { account, type FakeState, smallVault } from './fake/state.ts';

type Request = Parameters<VaultDialect['answer']>[0];

export interface PrivilegedIdentityFake extends VaultFake {
  readonly state: FakeState;
  /** Names of operations that arrived, in order, log-ins left out. */
  operations(): readonly string[];
}

const face = '/erpmwebservice/json/v2/authservice.svc/';
export const registrationKey = 'key-of-the-api-registration';

/** A vault over HTTP that speaks the JSON v2 face of docs/vault-sdk.md. */
export const fakePrivilegedIdentity = (state: FakeState = smallVault()): PrivilegedIdentityFake => {
  let refusing = false;

  const nameOf = ({ url }: Request): string | null => {
    const path = (url.split('?')[0] ?? '').toLowerCase();
    return path.startsWith(face) ? path.slice(face.length) : null;
  };

  const answer = (request: Request): VaultAnswer => {
    const operation = nameOf(request);
    if (operation === null || request.method !== 'POST') return { status: 404 };
    if (request.headers.apiregistrationkey !== registrationKey) {
      return refusal(403, 'not_permitted', 'This registration is not known.');
    }
    const body = bodyOf(request);
    if (body === null) return refusal(400, 'invalid', 'The body is no JSON object.');
    if (operation === 'dologin2') return logIn(body);
    const token = state.tokens.get(String(body.AuthenticationToken ?? ''));
    if (refusing || token === undefined || token.isOver) {
      return refusal(401, 'not_signed_in', 'Log in again.');
    }
    if (operation === 'dologout') {
      token.isOver = true;
      return { body: { OperationSucceeded: true } };
    }
    if (operation === 'doimpersonate') return impersonate(token.identity, String(body.IdentityName ?? ''));
    return operations[operation]?.(state, token.identity, body) ?? { status: 404 };
  };

  const logIn = (body: Body): VaultAnswer => {
    const isDomain = String(body.LoginType) === '2';
    const identity = isDomain ? `${String(body.Authenticator)}\\${String(body.Username)}` : String(body.Username);
    const isRight = !refusing && state.passwords.get(identity) === body.Password;
    return isRight ? tokenOf(identity) : refusal(401, 'not_signed_in', 'Name or password are wrong.');
  };

  const impersonate = (by: string, identity: string): VaultAnswer => {
    state.impersonated.push(identity);
    const may = by.endsWith('svc-ecm') && state.mapped.has(identity);
    return may ? tokenOf(identity) : refusal(403, 'not_permitted', 'You may not act for this identity.');
  };

  const tokenOf = (identity: string): VaultAnswer => {
    const text = `token-${state.tokens.size}-${'x'.repeat(30)}`;
    state.tokens.set(text, { identity, isOver: false });
    const body = { OperationSucceeded: true, OperationMessage: text, ExpiresUTC: '2100-01-01T00:00:00.000Z' };
    return { body };
  };

  const fake = fakeVault({
    answer,
    logIn(request) {
      const operation = nameOf(request);
      const body = bodyOf(request) ?? {};
      if (operation === 'dologin2') return `log-in ${String(body.Username)}`;
      return operation === 'doimpersonate' ? `as ${String(body.IdentityName)}` : null;
    },
    secrets: () => [
      ...[...state.passwords.values()],
      ...state.tokens.keys(),
      ...state.accounts.map(({ password }) => password),
      ...state.accounts.flatMap(({ privateKey }) => privateKey.split('\n').filter((line) => line.length >= 40)),
      registrationKey,
    ],
    unspoken: () => [],
    held: () => [
      ...state.checkOuts.filter(({ isOver }) => !isOver).map((out) => `${out.account.name} by ${out.identity}`),
      ...state.requests
        .filter((one) => one.state === 'Pending' || one.state === 'Granted')
        .map((one) => `request ${one.id} for ${one.account.name}`),
    ],
    refuseCredentials: () => {
      refusing = true;
    },
    expireTokens: () => {
      for (const token of state.tokens.values()) token.isOver = true;
    },
    approve: () => {
      for (const request of state.requests) if (request.state === 'Pending') request.state = 'Granted';
    },
    enrol(person, hostname) {
      const identity = person === 'test_user@ns.example' ? 'NS\\test_user' : person;
      state.mapped.add(identity);
      const password = `enrolled-${state.accounts.length}-for-this-name`;
      state.accounts.push(account({ system: hostname, name: 'enrolled', password, for: [identity] }));
      return { secret: password };
    },
  });
  return Object.assign(fake, {
    state,
    operations: () =>
      fake.requests.flatMap((request) => {
        const [, name = ''] = /svc\/([^?]+)/.exec(request.url) ?? [];
        return /^Do/.test(name) ? [] : [name];
      }),
  });
};

const bodyOf = ({ body }: Request): Body | null => {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : null;
  } catch {
    return null;
  }
};
