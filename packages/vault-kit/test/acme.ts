import { fields } from '@gatehouse/fields';
import type { Host, Http } from '@gatehouse/host';
import { Secret, toFault } from '@gatehouse/kernel';
import { z } from 'zod';
import { type AnyVault, defineVault, quoted, type Token, type Tokens } from '../src/index.ts';
import { fakeVault, type Subject, type VaultFake } from '../src/testing/index.ts';

/** One way in which a plugin can break its contract each. */
export type Mistake =
  | 'no sentence'
  | 'other names each time'
  | 'token in a trace'
  | 'tidies names up'
  | 'another lease each time'
  | 'unknown leases are errors'
  | 'gives back by name'
  | 'keeps too late'
  | 'swallows what a release meets'
  | 'logs in again when refused'
  | 'logs in for every call'
  | 'never logs in again'
  | 'ended leases are errors'
  | 'has no word for a broken connection'
  | 'takes anything for an answer'
  | 'goes on when aborted';

interface Client {
  readonly http: Http;
  readonly url: string;
  using<T>(use: (authorization: { authorization: string }) => Promise<T>): Promise<T>;
}

const Names = z.object({ names: z.array(z.string()) });
const Taken = z.object({ password: z.string() });
const LoggedIn = z.object({ token: z.string() });

/** A small vault plugin, sound but for one mistake. */
export const acme = (mistake?: Mistake): AnyVault =>
  defineVault({
    ...{ id: 'acme', name: 'Acme', summary: 'A vault for tests.', impersonation: 'filters-by-service-account' },
    config: fields.object({
      url: fields.url('Address', mistake === 'no sentence' ? 'Address' : 'Where the vault is, with https:// in front.'),
      password: fields.secret('Password', 'The password of the only user that it has.'),
    }),
    connect: ({ url, password }, host: Host, tokens: Tokens): Client => {
      const http = host.http({ origin: url, system: 'Acme' });
      const logIn = async (): Promise<Token> => {
        const send = () => http.request('/login', LoggedIn, { method: 'POST', body: { password: password.reveal() } });
        const answer = await (mistake === 'logs in again when refused' ? send().catch(send) : send());
        return { value: new Secret(answer.body.token), expiresAt: null };
      };
      let remembered: Token | null = null;
      return {
        ...{ http, url },
        async using(use) {
          const go = (token: Secret) => use({ authorization: token.reveal() });
          if (mistake === 'never logs in again') {
            remembered ??= await logIn();
            return go(remembered.value);
          }
          return mistake === 'logs in for every call' ? go((await logIn()).value) : tokens.using('acme', logIn, go);
        },
      };
    },
    check: ({ using, http }) => using(async (headers) => void (await http.request('/list?host=', Names, { headers }))),
    async *list({ using, http }, { endpoint, trace }) {
      const host = mistake === 'tidies names up' ? endpoint.hostname.replaceAll(/[^a-z0-9-]/gi, '') : endpoint.hostname;
      trace(`asking for ${quoted(host)}`);
      const shape = mistake === 'takes anything for an answer' ? Names.catch({ names: [] }) : Names;
      const { names } = await using(async (headers) => {
        if (mistake === 'token in a trace') trace(`with ${headers.authorization}`);
        return (await http.request(`/list?${new URLSearchParams({ host })}`, shape, { headers })).body;
      });
      for (const name of names) {
        const credential = mistake === 'other names each time' ? `${name} ${Math.random()}` : name;
        yield { credential, kind: 'password', username: name, label: name, needsApproval: false };
      }
    },
    async retrieve({ using, http, url }, { id, credential }, { keep }) {
      if (mistake !== 'keeps too late') await keep('asked');
      const lease = mistake === 'another lease each time' ? `${id} ${Math.random()}` : id;
      const { password } = await using(async (headers) => {
        const body = { lease, name: credential };
        const taken = http.request('/take', Taken, { method: 'POST', headers, body });
        if (mistake === 'goes on when aborted') await taken.catch(() => fetch(`${url}/list?host=`, { headers }));
        if (mistake !== 'has no word for a broken connection') return (await taken).body;
        const said = await taken.catch((error: unknown) => Promise.reject(new Error(toFault(error).advice)));
        return said.body;
      });
      if (mistake === 'keeps too late') await keep('asked');
      return {
        state: 'ready',
        credential: { kind: 'password', username: credential, domain: null, password: new Secret(password) },
      };
    },
    async release({ using, http }, { id, credential, kept }) {
      if (kept === null && mistake === 'unknown leases are errors') throw new Error('never heard of it');
      if (kept === null) return;
      const body = mistake === 'gives back by name' ? { name: credential } : { lease: id };
      const accept = mistake === 'ended leases are errors' ? [] : [404];
      const given = using((headers) => http.request('/give', z.unknown(), { method: 'POST', headers, body, accept }));
      await (mistake === 'swallows what a release meets' ? given.catch(() => undefined) : given);
    },
  });

const fakeAcme = (): VaultFake => {
  const enrolled = new Map([['root', { host: 'web1', password: 'password-of-root-0815' }]]);
  const leases = new Map<string, { name: string; isOver: boolean }>();
  const tokens = new Set<string>();
  const given: string[] = [];
  let refusing = false;
  const held = () => [...leases.values()].filter(({ isOver }) => !isOver).map(({ name }) => name);
  return fakeVault({
    answer({ url, headers, body, method }) {
      const { pathname, searchParams } = new URL(url, 'http://acme.example');
      const said: { lease?: string; name?: string; password?: string } = method === 'POST' ? JSON.parse(body) : {};
      if (pathname === '/login') {
        if (refusing || said.password !== 'good-password') return { status: 401 };
        const token = `acme-token-${given.length}`;
        given.push(token);
        tokens.add(token);
        return { body: { token } };
      }
      if (refusing || !tokens.has(headers.authorization ?? '')) return { status: 401 };
      if (pathname === '/list') {
        const host = searchParams.get('host');
        return { body: { names: [...enrolled].filter(([, one]) => one.host === host).map(([name]) => name) } };
      }
      const { lease = '', name = '' } = said;
      if (pathname === '/take') {
        if (leases.get(lease)?.isOver !== false) leases.set(lease, { name, isOver: false });
        return { body: { password: enrolled.get(name)?.password } };
      }
      const ended = [...leases].filter(([id, one]) => !one.isOver && (id === lease || one.name === name));
      for (const [, one] of ended) one.isOver = true;
      return { status: ended.length > 0 ? 204 : 404 };
    },
    logIn: ({ url }) => (url === '/login' ? 'acme' : null),
    secrets: () => ['good-password', ...given, ...[...enrolled.values()].map(({ password }) => password)],
    unspoken: () => [],
    held,
    refuseCredentials: () => {
      refusing = true;
    },
    expireTokens: () => tokens.clear(),
    approve: () => undefined,
    enrol(_, host) {
      const password = `enrolled-for-${enrolled.size}-of-them`;
      enrolled.set(`user${enrolled.size}`, { host, password });
      return { secret: password };
    },
  });
};

export const subjectOf = (mistake?: Mistake): Subject => ({
  ...{ vault: acme(mistake), fake: fakeAcme, secrets: ['good-password'], person: 'ann' },
  settings: (url) => ({ url, password: 'good-password' }),
  endpoint: { hostname: 'web1', address: null, domain: null },
});
