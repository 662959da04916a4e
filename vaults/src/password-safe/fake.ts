import { fakeVault, type VaultAnswer, type VaultDialect, type VaultFake } from '@gatehouse/vault-kit/testing';
import { account, type FakeAccount, type FakeRequest, type FakeState, smallState } from './fake/state.ts';

export { account, type FakeState, smallState } from './fake/state.ts';

type Asked = Parameters<VaultDialect['answer']>[0];
type Answers = (user: string, request: Asked, query: URLSearchParams, params: readonly string[]) => VaultAnswer;

export interface PasswordSafeFake extends VaultFake {
  readonly state: FakeState;
}

const base = '/beyondtrust/api/public/v3';

/** A Password Safe over HTTP: sessions known by a cookie, requests with approval, credentials of active requests. */
export const fakePasswordSafe = (state: FakeState = smallState()): PasswordSafeFake => {
  let refusing = false;
  const cookieOf = ({ headers }: Asked) => /ASP\.NET_SessionId=([^;]+)/.exec(headers.cookie ?? '')?.[1] ?? '';

  /** The user that a request to sign in is for; null where it is refused. */
  const userOf = ({ headers }: Asked): string | null => {
    const bytes = Uint8Array.from(headers.authorization ?? '', (letter) => letter.charCodeAt(0));
    const said = new TextDecoder().decode(bytes);
    const token = /^Bearer (.+)$/.exec(said)?.[1];
    if (token !== undefined) return state.granted.includes(token) ? `client ${state.clientId}` : null;
    const [, key, user = '', , password = null] =
      /^PS-Auth key=([^;]+); runas=([^;]+);( pwd=\[(.*)\];)?$/.exec(said) ?? [];
    return key === state.apiKey && password === state.password && state.users.has(user) ? user : null;
  };

  const signIn = (request: Asked): VaultAnswer => {
    const user = userOf(request);
    if (refusing || user === null) return { status: 401, body: 'Unauthorized' };
    if (state.secondFactor !== null) {
      return { status: 401, headers: { 'WWW-Authenticate-2FA': state.secondFactor }, body: 'Unauthorized' };
    }
    const cookie = `session-${state.sessions.size}-${'c'.repeat(20)}`;
    state.sessions.set(cookie, { user, isOver: false });
    return {
      headers: { 'set-cookie': `ASP.NET_SessionId=${cookie}; path=/; secure; HttpOnly; SameSite=Lax` },
      body: { UserId: 6, SID: null, EmailAddress: 'gatehouse@corp.example', UserName: user, Name: 'Gatehouse' },
    };
  };

  const grant = ({ body }: Asked): VaultAnswer => {
    const form = new URLSearchParams(body);
    const isRight =
      form.get('grant_type') === 'client_credentials' &&
      form.get('client_id') === state.clientId &&
      form.get('client_secret') === state.clientSecret;
    if (refusing || !isRight) return { status: 400, body: { error: 'invalid_client' } };
    const access_token = `access-token-${state.granted.length}-${'t'.repeat(20)}`;
    state.granted.push(access_token);
    return { body: { access_token, expires_in: 600, token_type: 'Bearer', scope: 'publicapi' } };
  };

  const answer = (request: Asked): VaultAnswer => {
    const url = new URL(request.url, 'http://fake.example');
    const path = url.pathname.toLowerCase();
    if (!path.startsWith(base)) return { status: 404 };
    const at = `${request.method} ${path.slice(base.length)}`;
    if (at === 'POST /auth/connect/token') return grant(request);
    if (at === 'POST /auth/signappin') return signIn(request);
    const session = state.sessions.get(cookieOf(request));
    if (refusing || session === undefined || session.isOver) return { status: 401, body: 'Unauthorized' };
    if (at === 'POST /auth/signout') {
      session.isOver = true;
      return {};
    }
    for (const [pattern, act] of routes(state)) {
      const found = pattern.exec(at);
      if (found !== null) return act(session.user, request, url.searchParams, found.slice(1));
    }
    return { status: 404 };
  };

  const fake = fakeVault({
    answer,
    logIn(request) {
      if (/\/Auth\/Connect\/Token$/i.test(request.url)) return 'client';
      return /\/Auth\/SignAppin$/i.test(request.url) ? (userOf(request) ?? 'somebody') : null;
    },
    secrets: () => [
      ...[state.apiKey, state.clientSecret, ...state.granted, ...state.sessions.keys()],
      ...(state.password === null ? [] : [state.password]),
      ...state.accounts.flatMap(({ password, passphrase }) => [password, passphrase]).filter((text) => text !== ''),
      ...state.accounts.flatMap(({ key }) => key?.split('\n').filter((line) => line.length >= 40) ?? []),
    ],
    unspoken: () => state.requests.map(({ id }) => String(id)),
    held: () => state.requests.filter((one) => one.state !== 'over').map((one) => `${one.account.name} ${one.state}`),
    refuseCredentials: () => {
      refusing = true;
    },
    expireTokens: () => {
      for (const session of state.sessions.values()) session.isOver = true;
    },
    approve: () => {
      for (const one of state.requests) if (one.state === 'pending') one.state = 'active';
    },
    enrol(_, hostname) {
      const id = 100 + state.accounts.length;
      const password = `enrolled-${id}-for-this-name`;
      state.accounts.push(account({ id, systemId: id, system: hostname, address: '', name: 'enrolled', password }));
      return { secret: password };
    },
  });
  return Object.assign(fake, { state });
};

/** What is behind the sign-in. */
const routes = (state: FakeState): readonly (readonly [RegExp, Answers])[] => [
  [/^GET \/managedaccounts$/, (_, __, query) => accounts(state, query)],
  [/^POST \/accesspolicies\/test$/, (_, request) => policies(state, request)],
  [/^POST \/requests$/, (user, request) => make(state, user, request)],
  [/^GET \/requests$/, (user, _, query) => requests(state, user, query)],
  [/^PUT \/requests\/(\d+)\/(checkin|deny)$/, (user, _, __, [id = '', how = '']) => end(state, user, id, how)],
  [/^GET \/credentials\/(\d+)$/, (user, _, query, [id = '']) => credential(state, user, id, query.get('type'))],
];

const same = (a: string, b: string | null): boolean => b === null || a.toLowerCase() === b.toLowerCase();

/** Nothing says that a name is not taken for a pattern, so that here it is. */
const like = (name: string, pattern: string | null): boolean =>
  pattern === '*' || pattern === '%' || same(name, pattern);

const accounts = (state: FakeState, query: URLSearchParams): VaultAnswer => {
  const [limit, offset] = [Number(query.get('limit') ?? 1_000), Number(query.get('offset') ?? 0)];
  const found = state.accounts.filter(
    (one) =>
      one.type === query.get('type') &&
      like(one.system, query.get('systemName')) &&
      same(one.address, query.get('ipAddress')),
  );
  if (found.length === 0) return { status: 404, body: 'Managed Account(s) not found' };
  const body = found.slice(offset, offset + limit).map((one) => ({
    ...{ PlatformID: 4, SystemId: one.systemId, SystemName: one.system, DomainName: one.domain || null },
    ...{ AccountId: one.id, AccountName: one.name, InstanceName: one.instance, DefaultReleaseDuration: 120 },
    ...{ MaximumReleaseDuration: 525_600, IsChanging: false, IsISAAccess: false },
  }));
  return { body };
};

const bodyOf = ({ body }: Asked): Readonly<Record<string, unknown>> => {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
};

const byIds = (state: FakeState, system: unknown, id: unknown): FakeAccount | undefined =>
  state.accounts.find((one) => one.systemId === system && one.id === id);

const policies = (state: FakeState, request: Asked): VaultAnswer => {
  const { SystemId, AccountId, DurationMinutes } = bodyOf(request);
  const one = byIds(state, SystemId, AccountId);
  if (one === undefined || typeof DurationMinutes !== 'number') return { status: 400, body: 'Invalid' };
  const view = { AccessType: 'View', IsSession: false, RecordSession: false, MinApprovers: one.approvers };
  return { body: [{ PolicyID: 1, Schedules: [{ ScheduleID: 1, AccessTypes: [view] }] }] };
};

/** Long and of no length that times or sizes have, so that it is noticed wherever it appears. */
const firstId = 734_019_000;

const make = (state: FakeState, user: string, request: Asked): VaultAnswer => {
  const body = bodyOf(request);
  const one = byIds(state, body.SystemID, body.AccountID);
  const minutes = body.DurationMinutes;
  const isWhole = typeof minutes === 'number' && minutes >= 1 && minutes <= 525_600 && body.AccessType === 'View';
  if (!isWhole) return { status: 400, body: 'DurationMinutes or AccessType are wrong' };
  if (one === undefined) return { status: 403, body: '4031' };
  const before = state.requests.find((some) => some.user === user && some.account === one && some.state === 'active');
  if (before !== undefined) {
    return body.ConflictOption === 'reuse' ? { body: before.id } : { status: 409, body: 'Conflict' };
  }
  const made: FakeRequest = {
    ...{ id: firstId + state.requests.length, user, account: one, body },
    state: one.approvers > 0 ? 'pending' : 'active',
  };
  state.requests.push(made);
  return { status: 201, body: made.id };
};

const requests = (state: FakeState, user: string, query: URLSearchParams): VaultAnswer => {
  if (query.get('queue') !== 'req') return { status: 403, body: '4033' };
  const found = state.requests.filter((one) => one.user === user && one.state === query.get('status'));
  const body = found.map((one) => ({
    ...{ RequestID: one.id, SystemID: one.account.systemId, AccountID: one.account.id, AccountName: one.account.name },
    ...{ Status: one.state, AccessType: 'View', Reason: one.body.Reason ?? '' },
  }));
  return { body };
};

const own = (state: FakeState, user: string, id: string): FakeRequest | undefined =>
  state.requests.find((one) => one.user === user && String(one.id) === id && one.state !== 'over');

const end = (state: FakeState, user: string, id: string, how: string): VaultAnswer => {
  const one = own(state, user, id);
  if (one === undefined) return { status: 404, body: 'Request not found' };
  if ((how === 'deny') !== (one.state === 'pending')) return { status: 400, body: `The request is ${one.state}` };
  one.state = 'over';
  return { status: 204 };
};

const credential = (state: FakeState, user: string, id: string, type: string | null): VaultAnswer => {
  const one = own(state, user, id);
  if (one === undefined) return { status: 404, body: 'Request not found' };
  if (one.state === 'pending') return { status: 403, body: '4034' };
  const { password, key, passphrase } = one.account;
  if (type === 'dsskey') return key === null ? { status: 404, body: 'Not found' } : { body: key };
  if (type === 'passphrase') return key === null ? { status: 404, body: 'Not found' } : { body: passphrase };
  return { body: password };
};
