import {
  type Answer,
  cookieHeader,
  type Explanation,
  type Host,
  headerText,
  keepCookies,
  type Refusal,
  type RequestOptions,
  redact,
} from '@gatehouse/host';
import { Fault, type Secret } from '@gatehouse/kernel';
import type { Token, Tokens } from '@gatehouse/vault-kit';
import { z } from 'zod';
import { type Settings, toBase } from './settings.ts';

export const system = 'Password Safe';

/** One request of a session. */
export type Ask = <S extends z.ZodType>(
  path: string,
  shape: S,
  options?: Omit<RequestOptions, 'headers'>,
) => Promise<Answer<z.output<S>>>;

export interface Session {
  /** Whose session a person's requests are of. */
  userOf(person: string): string;
  /** Runs `use` in the session for a person, which is remembered between calls and opened where it is over. */
  using<T>(person: string, use: (ask: Ask) => Promise<T>): Promise<T>;
  /** Signs in anew, whatever is remembered, and out again. */
  prove(): Promise<void>;
}

export const createSession = (host: Host, settings: Settings, tokens: Tokens): Session => {
  const { url, signIn, certificateAuthorities } = settings;
  const base = toBase(url) ?? url;
  const options = { origin: base, system, ...(certificateAuthorities !== null && { certificateAuthorities }) };
  const door = host.http({ ...options, bucket: () => 'sign-in', explain: explainSignIn });
  // Whoever knows the id of a request can read a password with it, for as long as it is active.
  const inside = host.http({ ...options, explain, shown: (path) => path.replace(doors, '/$1/…') });

  const userOf = (person: string): string =>
    signIn.method === 'client-credentials'
      ? signIn.clientId
      : signIn.runAs.replaceAll('{username}', () => nameOf(person));

  const authorization = async (user: string): Promise<string> => {
    if (signIn.method === 'api-key') {
      const { apiKey, password } = signIn;
      const pwd = password === null ? '' : ` pwd=[${password.reveal()}];`;
      return headerText(`PS-Auth key=${apiKey.reveal()}; runas=${user};${pwd}`);
    }
    const { clientId, clientSecret } = signIn;
    const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret.reveal() };
    const granted = { method: 'POST', body: new URLSearchParams(form), retry: true } as const;
    const { body } = await door.request('/Auth/Connect/Token', Granted, granted);
    return `Bearer ${body.access_token}`;
  };

  const enter = (user: string) => async (): Promise<Token> => {
    if (!isOneValue(user)) throw badName();
    const headers = { authorization: await authorization(user) };
    const cookies = new Map<string, Secret>();
    try {
      const { headers: said } = await door.request('/Auth/SignAppin', SignedIn, {
        method: 'POST',
        headers,
        retry: true,
      });
      keepCookies(cookies, said);
    } catch (error) {
      throw withoutHeader(error, headers.authorization);
    }
    if (cookies.size === 0) throw noCookie();
    // It ends after 20 minutes of silence, which nobody can see from here: used until it is refused.
    return { value: cookieHeader(cookies), expiresAt: null };
  };
  const askWith =
    (cookie: Secret): Ask =>
    (path, shape, wanted) =>
      inside.request(path, shape, { ...wanted, headers: { cookie: cookie.reveal() } });

  return {
    userOf,
    using: (person, use) => {
      const user = userOf(person);
      // With the address in it: a session of one server must never be sent to another.
      return tokens.using(JSON.stringify([base, signIn.method, user]), enter(user), (cookie) => use(askWith(cookie)));
    },
    async prove() {
      // Nobody asks yet: a key that runs as people is tried with a name that only has to be well-formed.
      const { value } = await enter(userOf('gatehouse'))();
      await askWith(value)('/Auth/Signout', z.unknown(), { method: 'POST', retry: false });
    },
  };
};

const Granted = z.object({ access_token: z.string().min(1).max(100_000) });
const SignedIn = z.object({ UserId: z.number() });
const doors = /\/(Requests|Credentials)\/[^/]+/gi;

/** The name of a person without its domain. */
const nameOf = (person: string): string => {
  const name = person.slice(person.indexOf('\\') + 1);
  return person.includes('\\') ? name : (/^(.*)@[^@]*$/s.exec(name)?.[1] ?? name);
};

const isOneValue = (text: string) => !/[;\p{Cc}]/u.test(text);

const badName = (): Fault =>
  new Fault('forbidden', `${system} cannot be asked as this person: the name has a semicolon or a line break in it.`);

/** The header has more in it than its words: the key and the password each have to go. */
const withoutHeader = (error: unknown, header: string): unknown => {
  if (!(error instanceof Fault) || error.detail === undefined) return error;
  const parts = [...header.matchAll(/key=([^;]+);|pwd=\[(.*)\];|Bearer (.+)$/gs)].flatMap(([, ...found]) => found);
  const known = parts.filter((part) => part !== undefined);
  return new Fault(error.kind, error.advice, redact(error.detail, known), { cause: error.cause });
};

const noCookie = (): Fault =>
  new Fault(
    'unexpected',
    `${system} accepted the sign-in but opened no session. If a proxy stands in front of it, let cookies through.`,
    'POST /Auth/SignAppin -> 200 without a cookie',
  );

const explainSignIn = ({ status, headers, path }: Refusal): Explanation | undefined => {
  if (headers.get('www-authenticate-2fa') !== null) {
    return {
      kind: 'unauthorized',
      advice: `${system} asks for a second factor, which a program has not. Switch off “Enforce multi-factor authentication” in the API registration, or two-factor authentication of its user.`,
    };
  }
  if (status === 401 || (status === 400 && /\/Connect\/Token$/i.test(path))) {
    return {
      kind: 'unauthorized',
      advice: `${system} refused to sign in. Check the key or the client, the user name and password, and that the authentication rules of the API registration allow the address of this machine.`,
    };
  }
  if (status === 403) return { kind: 'forbidden', advice: `${system} says that its licence is not valid.` };
  return elsewhere(status);
};

const explain = ({ status }: Refusal): Explanation | undefined => {
  if (status === 403) {
    return { kind: 'forbidden', advice: `${system} does not let this user request it. Give it the role Requestor.` };
  }
  if (status === 409) return { kind: 'forbidden', advice: `${system} has another request for this account.` };
  return elsewhere(status);
};

const elsewhere = (status: number): Explanation | undefined => {
  if (status === 410) return { kind: 'misconfigured', advice: `Version 3 of the API of ${system} is switched off.` };
  if (status === 404) return { kind: 'misconfigured', advice: `There is no API of ${system} at this address.` };
  return undefined;
};
