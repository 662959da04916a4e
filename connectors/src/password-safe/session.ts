import {
  type Answer,
  cookieHeader,
  type Explanation,
  type Host,
  type Http,
  headerText,
  keepCookies,
  type OutgoingRequest,
  type Refusal,
  redact,
  statusOf,
} from '@gatehouse/host';
import { Fault, type Secret, toFault } from '@gatehouse/kernel';
import { z } from 'zod';

/** Where and as whom to sign in. */
export interface SignIn {
  /** Where the API begins. */
  readonly base: string;
  readonly apiKey: Secret;
  readonly runAs: string;
  /** Null where the API registration asks for none. */
  readonly password: Secret | null;
  readonly certificateAuthorities?: string;
}

/**
 * A client's session with Password Safe, which knows it by cookies and ends it after 20 minutes of silence. One request to
 * sign in is under way at most, whoever needs it.
 */
export interface Session {
  /** Adds the cookies to a request, after signing in where nobody has. */
  authorize(request: OutgoingRequest): Promise<void>;
  /** Which session, counted from 1, the next request will be of. */
  generation(): Promise<number>;
  /** Forgets the session of that generation, so that the next request signs in anew; one that is newer stays. */
  renew(generation: number): void;
  /** Takes note of cookies that an answer of that generation sets anew. */
  learn(generation: number, headers: Headers): void;
  /** Signs out, where anybody is signed in. */
  end(): Promise<void>;
}

export const createSession = (host: Host, signIn: SignIn): Session => {
  const { base, certificateAuthorities } = signIn;
  const options = { origin: base, system: 'Password Safe', ...(certificateAuthorities && { certificateAuthorities }) };
  const door = host.http({
    ...{ ...options, bucket: () => 'sign-in', explain: explainSignIn },
    authorize: ({ headers }) => headers.set('authorization', credentialsOf(signIn)),
  });
  let jar: Promise<Map<string, Secret>> | null = null;
  let generation = 0;

  const current = async (): Promise<Map<string, Secret>> => {
    if (jar !== null) return jar;
    const asked = enter(door, signIn);
    generation++;
    jar = asked;
    asked.catch(() => {
      if (jar === asked) jar = null;
    });
    return asked;
  };
  const inside = host.http({
    ...{ ...options, bucket: () => 'sign-out' },
    authorize: async ({ headers }) => writeCookies(headers, await current()),
  });

  return {
    authorize: async ({ headers }) => writeCookies(headers, await current()),
    async generation() {
      await current();
      return generation;
    },
    renew: (old) => {
      if (old === generation) jar = null;
    },
    learn(of, headers) {
      if (of === generation) jar?.then((cookies) => keepCookies(cookies, headers)).catch(() => undefined);
    },
    async end() {
      if (jar === null) return;
      await inside.request('/Auth/Signout', z.unknown(), { method: 'POST', retry: false });
      jar = null;
    },
  };
};

const enter = async (door: Http, signIn: SignIn): Promise<Map<string, Secret>> => {
  const { headers } = await knock(door, signIn);
  const cookies = new Map<string, Secret>();
  keepCookies(cookies, headers);
  if (cookies.size > 0) return cookies;
  throw new Fault(
    'unexpected',
    'Password Safe accepted the key but opened no session. If a proxy stands in front of it, let cookies through.',
    'POST /Auth/SignAppin -> 200 without a cookie',
  );
};

/** Sent again after a broken connection: a session whose answer was lost ends by itself. */
const knock = async (door: Http, { apiKey, password }: SignIn): Promise<Answer<unknown>> => {
  try {
    return await door.request('/Auth/SignAppin', z.looseObject({}), { method: 'POST', retry: true });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    // Without its status, which would look like a session that is over, and cost the user another failed attempt.
    const known = [apiKey.reveal(), ...(password === null ? [] : [password.reveal()])];
    throw new Fault(error.kind, error.advice, error.detail === undefined ? undefined : redact(error.detail, known));
  }
};

/** `PS-Auth key=…; runas=…; pwd=[…];`, the password only where there is one. */
const credentialsOf = ({ apiKey, runAs, password }: SignIn): string =>
  headerText(
    `PS-Auth key=${apiKey.reveal()}; runas=${runAs};${password === null ? '' : ` pwd=[${password.reveal()}];`}`,
  );

const writeCookies = (headers: Headers, cookies: ReadonlyMap<string, Secret>): void =>
  headers.set('cookie', cookieHeader(cookies).reveal());

const explainSignIn = ({ status, headers }: Refusal): Explanation | undefined => {
  if (status === 401 && headers.get('www-authenticate-2fa') !== null) {
    return {
      kind: 'unauthorized',
      advice:
        'Password Safe asks the run-as user for a second factor, which a program has not. Switch off “Enforce multi-factor authentication” in the API registration, or set Two-Factor Authentication of the user to None.',
    };
  }
  if (status === 401) {
    return {
      kind: 'unauthorized',
      advice:
        'Password Safe refused to sign in. Check the API key, the run-as user name, the password if the API registration requires it, that a group of the user has the API registration, and that its authentication rules allow the address of this machine.',
    };
  }
  if (status === 403) {
    return { kind: 'forbidden', advice: 'Password Safe says that its licence is not valid. Renew it, then try again.' };
  }
  if (status === 410) return { kind: 'misconfigured', advice: versionAdvice };
  if (status === 404) {
    return {
      kind: 'misconfigured',
      advice: 'There is no Password Safe API at this address. Enter the address at which people open Password Safe.',
    };
  }
  return undefined;
};

export const versionAdvice =
  'Version 3 of the public API is switched off in Password Safe. Switch it on under Configuration.';

/** Whether a refusal says that the session is not, or no longer, known. */
export const isSignedOut = (error: unknown): boolean =>
  statusOf(error) === 401 && toFault(error).kind === 'unauthorized';
