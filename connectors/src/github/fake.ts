import { randomBytes } from 'node:crypto';
import { type FakeAnswer, type FakeVendor, fakeVendor, type SeenRequest } from '@gatehouse/connector-kit/testing';
import { answersOf, lastEight } from './fake/answers.ts';
import { fakeGraphql } from './fake/graphql.ts';
import { growers } from './fake/growth.ts';
import { type AppKey, appKeyOf, newAppKey, refusalOf } from './fake/keys.ts';
import type { GithubOrganisation } from './fake/organization.ts';
import { organizationRoutes } from './fake/organization-routes.ts';
import { repositoryRoutes } from './fake/repository-routes.ts';
import { needsOfStream, streamsOf } from './fake/streams.ts';
import { apiOf, change, type FakeState, notFound, type Routes, toolsOf, words } from './fake/tools.ts';

export type * from './fake/organization.ts';
export { smallOrganisation } from './fake/small-organization.ts';

/** A GitHub with one organization, served at the root like api.github.com and under /api/v3 like an Enterprise Server. */
export interface FakeGithub extends FakeVendor {
  /** What a person would enter to connect to it. */
  settings(origin: string): { appId: string; privateKey: string; installationUrl: string };
  /** Tokens handed out so far no longer work, although they said that they would. */
  expireTokens(): void;
  /** The next request as the installation is answered as GitHub answers too many at once: 403 with Retry-After. */
  limitSecondaryOnce(seconds: number): void;
  /** GitHub's clock runs this much ahead of everyone else's. */
  skewClock(ms: number): void;
  /** The facts change between two requests. */
  change(more: Partial<GithubOrganisation>): void;
}

/** `privateKey` is the app's PKCS#1 PEM; left out, the fake makes one. */
export const fakeGithub = (organization: GithubOrganisation, options: { privateKey?: string } = {}): FakeGithub => {
  const key = options.privateKey === undefined ? newAppKey() : appKeyOf(options.privateKey);
  const state: FakeState = {
    organization,
    answers: answersOf(organization),
    tokens: new Map(),
    secrets: [lastEight, ...secretAddresses(organization)],
    denied: new Set(),
    secondary: null,
  };
  let skewMs = 0;
  let remaining = 15_000;
  const now = () => new Date(Date.now() + skewMs);

  const fake = fakeVendor((vendor) => {
    const tools = toolsOf(vendor, state);
    return {
      routes: served({
        ...appRoutes(state, key, now),
        ...limited(state, {
          'POST /graphql': (request) => fakeGraphql(request, state.organization),
          'GET /installation/repositories': (request) =>
            tools.list(
              request,
              state.organization.repositories,
              (found) => state.answers.repository(found, apiOf(request)),
              'repositories',
            ),
          ...organizationRoutes(vendor, state, tools),
          ...repositoryRoutes(state, tools),
        }),
      }),
      streams: streamsOf(organization.login),
      authorized: (request) => isForApp(request) || isGood(state.tokens, request, now()),
      refuse: (why) => refusals[why],
      headers: () => ({
        date: now().toUTCString(),
        'x-ratelimit-limit': '15000',
        'x-ratelimit-remaining': String(Math.max(100, --remaining)),
        'x-ratelimit-reset': String(Math.floor(now().getTime() / 1_000) + 3_600),
        'x-ratelimit-resource': 'core',
      }),
      secrets: state.secrets,
      grow: growers(state),
    };
  });
  const { forbid } = fake;
  return Object.assign(fake, {
    settings: (origin: string) => ({
      appId: String(state.organization.app.id),
      privateKey: key.privateKey,
      installationUrl: `${origin}/organizations/${state.organization.login}/settings/installations/${state.organization.app.installationId}`,
    }),
    expireTokens: () => state.tokens.clear(),
    limitSecondaryOnce(seconds: number) {
      state.secondary = seconds;
    },
    skewClock(ms: number) {
      skewMs = ms;
    },
    // GitHub refuses what the app was not granted, and says with every token what it was granted.
    forbid(stream: string) {
      forbid(stream);
      for (const need of needsOfStream(stream)) state.denied.add(need);
    },
    change: (more: Partial<GithubOrganisation>) => change(state, more),
  });
};

/** What follows the host in the address of a webhook lets its bearer speak there. */
const secretAddresses = ({ webhooks, repositories }: GithubOrganisation): string[] =>
  [...webhooks, ...repositories.flatMap((found) => found.webhooks ?? [])]
    .map(({ url }) => new URL(url))
    .map(({ pathname, search }) => `${pathname}${search}`)
    .filter((address) => address.length > 8);

/** Everything once more below /api/v3, where an Enterprise Server has it; GraphQL is beside it there. */
const served = (routes: Routes): Routes =>
  Object.fromEntries(
    Object.entries(routes).flatMap(([pattern, answer]) => {
      const [method, path = ''] = pattern.split(' ');
      return [
        [pattern, answer],
        [`${method} ${path === '/graphql' ? '/api/graphql' : `/api/v3${path}`}`, answer],
      ];
    }),
  );

/** Any route may meet a secondary limit. */
const limited = (state: FakeState, routes: Routes): Routes =>
  Object.fromEntries(
    Object.entries(routes).map(([pattern, answer]) => [
      pattern,
      (request: SeenRequest): FakeAnswer => {
        const { secondary } = state;
        if (secondary === null) return answer(request);
        state.secondary = null;
        return { ...words(403, secondaryLimit), headers: { 'retry-after': String(secondary) } };
      },
    ]),
  );

const secondaryLimit = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';

const isForApp = ({ path }: SeenRequest) => /^(?:\/api\/v3)?\/app(?:\/|$)/.test(path);

const isGood = (tokens: ReadonlyMap<string, number>, { headers }: SeenRequest, now: Date): boolean => {
  const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
  return (tokens.get(token ?? '') ?? 0) > now.getTime();
};

const refusals = {
  unauthorized: words(401, 'Bad credentials'),
  forbidden: words(403, 'Resource not accessible by integration'),
  throttled: words(429, secondaryLimit),
  expired: notFound,
  missing: notFound,
} as const;

/** What the app asks as itself, with a proof signed by its key. */
const appRoutes = (state: FakeState, key: AppKey, now: () => Date): Routes => {
  const asApp = (request: SeenRequest, answer: () => FakeAnswer): FakeAnswer => {
    const refusal = refusalOf(request.headers.authorization, { key, appId: state.organization.app.id, now: now() });
    return refusal === null ? answer() : words(refusal.status, refusal.message);
  };
  const granted = () =>
    Object.fromEntries(Object.entries(state.organization.app.permissions).filter(([name]) => !state.denied.has(name)));

  return {
    'GET /app': (request) =>
      asApp(request, () => {
        const { id, slug } = state.organization.app;
        return { body: { id, slug, name: slug, permissions: granted(), events: [] } };
      }),
    'GET /app/installations/:id': (request) =>
      asApp(request, () => {
        const { app, createdAt } = state.organization;
        if (Number(request.params.id) !== app.installationId) return notFound;
        const installed = { ...app, id: app.installationId, appId: app.id, permissions: granted(), createdAt };
        return { body: state.answers.installation(installed, apiOf(request)) };
      }),
    'POST /app/installations/:id/access_tokens': (request) =>
      asApp(request, () => {
        const { installationId, suspendedAt, repositorySelection } = state.organization.app;
        if (Number(request.params.id) !== installationId) return notFound;
        if (suspendedAt !== undefined) return words(403, 'This installation has been suspended');
        const token = `ghs_${randomBytes(18).toString('hex')}`;
        const expires = now().getTime() + 3_600_000;
        state.tokens.set(token, expires);
        state.secrets.push(token);
        const expires_at = `${new Date(expires).toISOString().slice(0, 19)}Z`;
        return {
          status: 201,
          body: { token, expires_at, permissions: granted(), repository_selection: repositorySelection },
        };
      }),
  };
};
