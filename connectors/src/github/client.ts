import { asFault, type Cursor, type Host, nextLink, statusOf } from '@gatehouse/host';
import { type Clock, Fault, type Json } from '@gatehouse/kernel';
import { type AppToken, createAppToken, type Granted } from './app-token.ts';
import type { Installation } from './installation-url.ts';
import { holds, missing, type Need } from './need.ts';
import { createOctokit, limitIn } from './octokit.ts';
import type { Settings } from './settings.ts';

/** One organization's GitHub, read as its installed app. Refusals are Faults that name the permission. */
export interface Github {
  readonly appId: string;
  readonly installation: Installation;
  readonly clock: Clock;
  /** `/orgs/acme` */
  readonly org: string;
  /** One page of a list. Throws `Absent` where there is no such thing. */
  page(path: string, need: Need): Promise<ListPage>;
  /** The page and all that follow; a list that leads back to a page already read is a Fault. */
  pages(path: string, need: Need): AsyncIterable<ListPage>;
  /** The body of a GET. Throws `Absent` where there is no such thing. */
  get(path: string, need: Need): Promise<unknown>;
  /** The `data` of a query; null where GitHub refuses it. Of a query refused in part, the refused fields are absent, not null. */
  graphql(query: string, variables: Readonly<Record<string, Json>>): Promise<unknown>;
  granted(): Promise<Granted>;
  /** Proves that we are the app. */
  readonly app: AppToken;
}

export interface ListPage {
  readonly items: readonly unknown[];
  /** Path and query of the following page. */
  readonly next: Cursor | null;
  /** How many the whole list has, where GitHub says so. */
  readonly total: number | null;
}

/** A refusal that may mean "there is no such thing here" rather than "you may not": 404, or 403 with the permission held. */
export class Absent extends Error {
  override readonly name = 'Absent';
  readonly status: number;
  /** False for a 403 that does not say that it is about this one thing: then it may be about everything. */
  readonly isAboutThis: boolean;

  constructor(status: number, path: string, cause: unknown) {
    super(`${path} -> ${status}`, { cause });
    this.status = status;
    this.isAboutThis = status !== 403 || (cause instanceof Error && aboutThis.test(cause.message));
  }
}

// GitHub tells these refusals apart by their words only.
const aboutThis = /upgrade to github|access blocked/i;
const aboutEverything = /IP allow list|suspended|SAML enforcement/i;

export const createGithub = (settings: Settings, host: Host): Github => {
  const { installationUrl: installation } = settings;
  const app = createAppToken(settings, host);
  const http = host.http({
    origin: installation.apiUrl,
    system: 'GitHub',
    bucket: ({ url }) =>
      url.pathname.endsWith('/graphql') ? 'graphql' : url.pathname.endsWith('/audit-log') ? 'audit-log' : 'core',
    throttled: limitIn,
    // Queries only: nothing is ever written.
    repeatable: ({ url }) => url.pathname.endsWith('/graphql'),
    async authorize({ headers }) {
      headers.set('authorization', `Bearer ${(await app.current()).token.reveal()}`);
    },
  });
  const octokit = createOctokit(installation.apiUrl, http);

  /** Runs a read; once more with a fresh token when GitHub refuses this one, because tokens can end before their time. */
  const renewed = async <T>(read: () => Promise<T>): Promise<T> => {
    const { token } = await app.current();
    try {
      return await read();
    } catch (error) {
      if (error instanceof Fault || statusOf(error) !== 401) throw error;
      app.drop(token);
      return read();
    }
  };

  const faultOf = async (error: unknown, path: string, need: Need): Promise<Error> => {
    host.signal.throwIfAborted();
    if (error instanceof Fault) return error;
    const status = statusOf(error);
    const detail = `GET ${path} -> ${status ?? 'no answer'}`;
    if (status === 401) return new Fault('unauthorized', refusedAgain, detail, { cause: error });
    const fault = asFault(error, 'GitHub');
    if (fault?.kind === 'throttled') return fault;
    if (status === 403 && error instanceof Error && aboutEverything.test(error.message)) {
      return new Fault('unauthorized', shutOut, `${detail} ${fault?.detail ?? ''}`, { cause: error });
    }
    if (status !== null && absentStatuses.has(status)) {
      const { permissions } = await app.current();
      if (!holds(permissions, need) && (status === 403 || status === 404))
        return missing(need, installation.pageUrl, detail);
      return new Absent(status, path, error);
    }
    return fault ?? (error instanceof Error ? error : new Error(String(error)));
  };

  async function* pages(path: string, need: Need): AsyncIterable<ListPage> {
    const seen = new Set<string>();
    for (let at: string | null = path; at !== null; ) {
      if (seen.has(at)) throw endless(at);
      seen.add(at);
      const read: ListPage = await page(at, need);
      yield read;
      at = read.next;
    }
  }

  const page = async (path: string, need: Need): Promise<ListPage> => {
    try {
      const { data, headers } = await renewed(async () => {
        const first = await octokit.paginate.iterator(routeOf(path))[Symbol.asyncIterator]().next();
        return first.value as { data: unknown; headers: { link?: string } }; // one step always has a value
      });
      if (!Array.isArray(data)) throw new Fault('unexpected', strange, `GET ${path}: not a list`);
      const total = 'total_count' in data && typeof data.total_count === 'number' ? data.total_count : null;
      return { items: data, next: nextOf(headers.link, installation.apiUrl, path), total };
    } catch (error) {
      throw await faultOf(error, path, need);
    }
  };

  return {
    appId: settings.appId,
    installation,
    clock: host.clock,
    org: `/orgs/${encodeURIComponent(installation.organization)}`,
    app,
    granted: () => app.current(),
    page,
    pages,
    async get(path, need) {
      try {
        return (await renewed(() => octokit.request(routeOf(path)))).data;
      } catch (error) {
        throw await faultOf(error, path, need);
      }
    },
    async graphql(query, variables) {
      try {
        return await renewed(() => octokit.graphql<unknown>(query, { ...variables }));
      } catch (error) {
        if (error instanceof Error && error.name === 'GraphqlResponseError') return withoutRefused(error);
        const status = statusOf(error);
        // Fewer servers answer GraphQL than REST, and fewer permissions cover it; what it adds is then unknown.
        if (!(error instanceof Fault) && status !== null && graphqlRefusals.has(status)) return null;
        throw await faultOf(error, 'graphql', { key: '', level: 'organization', name: '', opens: '' });
      }
    },
  };
};

/** Octokit takes `:name` and `{name}` in a route for places to fill in; in a link of GitHub's they are just characters. */
const routeOf = (path: string): string => `GET ${path.replaceAll(/[:{}]/g, encodeURIComponent)}`;

/** Answers that say something about the thing asked for: forbidden, not there, never or no longer there, no Git data yet. */
const absentStatuses = new Set([400, 403, 404, 409, 410, 422, 451]);

const graphqlRefusals = new Set([400, 403, 404, 410, 422]);

const inTrouble = 'GitHub could not answer. The next run asks again; www.githubstatus.com says what is known.';

const shutOut =
  'GitHub lets this server read nothing. Check that the installation of the app is not suspended and that an IP allow list of the organization lets this server in.';

const refusedAgain =
  'GitHub refuses the credentials. Check that the app is still installed and that its private key was not deleted, then enter a new key.';

/** A list whose next link leads to a page that was read already. */
export const endless = (link: string): Fault =>
  new Fault('unexpected', 'GitHub sends a list that never ends. The log of this server says which.', `back to ${link}`);

const strange = 'GitHub gave an answer that cannot be understood. The log of this server says what it was.';

/** Told like a refusal, with a 200; but what could be asked a minute later is not refused. */
const isInTrouble = ({ type, message }: GraphqlError): boolean =>
  /^(?:SERVICE_UNAVAILABLE|INTERNAL|TIMEOUT)/.test(type ?? '') ||
  /time(?:d ?)?out|something went wrong/i.test(message ?? '');

interface GraphqlError {
  readonly type?: string;
  readonly message?: string;
  readonly path?: readonly (string | number)[];
}

/** The next link as path and query below the API's address. A link to another origin is refused before anything follows it. */
const nextOf = (link: string | undefined, apiUrl: string, path: string): Cursor | null => {
  const target = nextLink(link ?? null);
  if (target === null) return null;
  const url = URL.parse(target, `${apiUrl}${path}`);
  const api = new URL(apiUrl);
  const base = api.pathname.replace(/\/$/, '');
  // The protocol may be another: a server behind a proxy may take itself for one without TLS. It is asked as before.
  if (url === null || url.host !== api.host || !`${url.pathname}/`.startsWith(`${base}/`)) {
    throw new Fault('unexpected', strange, `refused: the next link of ${path} leaves ${apiUrl}`);
  }
  return `${url.pathname.slice(base.length)}${url.search}`;
};

/** GitHub answers null for a field it refuses, exactly as for one that has no value; `errors` tells which. */
const withoutRefused = (error: object): unknown => {
  // What octokit's GraphqlResponseError has; its type is not exported by what we depend on.
  const { data = null, errors } = error as { data?: unknown; errors?: readonly GraphqlError[] };
  const trouble = errors?.find(isInTrouble);
  if (trouble !== undefined) throw new Fault('unreachable', inTrouble, `graphql: ${trouble.type ?? trouble.message}`);
  for (const { path = [] } of errors ?? []) {
    let at: unknown = data;
    for (const name of path.slice(0, -1)) at = isRecord(at) ? at[name] : null;
    const last = path.at(-1);
    if (last !== undefined && isRecord(at) && !Array.isArray(at)) delete at[last];
  }
  return data;
};

const isRecord = (value: unknown): value is Record<string | number, unknown> =>
  typeof value === 'object' && value !== null;
