import { type FakeVendor, fakeVendor } from '@gatehouse/connector-kit/fake';
import {
  type Authorization,
  type AuthorizationOptions,
  createAuthorization,
  denied,
  invalidClient,
  invalidToken,
  oktaError,
} from './fake/authorization.ts';
import { growths } from './fake/growth.ts';
import type { OktaOrganisation } from './fake/organisation.ts';
import { missing, routesOf } from './fake/routes.ts';
import { smallOrganisation } from './fake/small-organisation.ts';
import { tokenPath } from './token.ts';

export type * from './fake/organisation.ts';
export { smallOrganisation } from './fake/small-organisation.ts';

export interface OktaFake extends FakeVendor {
  /** How the organisation treats the app: scopes, admin roles, DPoP, its clock. May be changed at any time. */
  readonly authorization: Authorization;
  readonly organisation: OktaOrganisation;
  /** The settings of a connection to it. */
  settings(origin: string): { domain: string; clientId: string; privateKey: string };
}

/**
 * An Okta organisation over HTTP: the token endpoint verifies the signature, the scopes and, where it is asked to, proofs
 * of possession; lists are paged by `after`; answers carry the state of the rate limit; the System Log can be polled.
 */
export const fakeOkta = (
  organisation: OktaOrganisation = smallOrganisation(),
  options: AuthorizationOptions = {},
): OktaFake => {
  const authorization = createAuthorization(options);
  const fake = fakeVendor((self) => ({
    routes: {
      [`POST ${tokenPath}`]: (request) => authorization.token(request),
      ...routesOf(organisation, self),
    },
    streams: streamPatterns,
    authorized: (request) => request.path === tokenPath || authorization.refusal(request) === null,
    refuse: (why, request) => {
      if (why === 'unauthorized') {
        if (request.path === tokenPath) return invalidClient('The client_assertion signature is invalid.');
        return authorization.refusal(request) ?? invalidToken;
      }
      if (why === 'forbidden') return denied;
      if (why === 'throttled')
        return oktaError(429, 'E0000047', 'API call exceeded rate limit due to too many requests.');
      return why === 'expired' ? oktaError(400, 'E0000029', 'Invalid paging request.') : missing(request);
    },
    headers: () => ({
      date: authorization.now().toUTCString(),
      'x-rate-limit-limit': '600',
      'x-rate-limit-remaining': '599',
      'x-rate-limit-reset': String(Math.ceil(authorization.now().getTime() / 1_000) + 60),
    }),
    get secrets() {
      return [...authorization.secrets, ...secretsOf(organisation)];
    },
    grow: growths(organisation),
  }));
  return Object.defineProperties(
    {
      authorization,
      organisation,
      settings: (origin: string) => ({
        domain: origin,
        clientId: authorization.clientId,
        privateKey: authorization.privateKey,
      }),
    },
    Object.getOwnPropertyDescriptors(fake),
  ) as OktaFake; // the properties of both
};

/** Which requests belong to which stream; several lists belong to more than one. */
const streamPatterns: Readonly<Record<string, RegExp>> = {
  users: /^\/api\/v1\/users\?(?!.*fields=)/,
  groups: /^\/api\/v1\/groups\?(?!.*expand=)/,
  'group-rules': /^\/api\/v1\/groups\/rules\?/,
  memberships: /^\/api\/v1\/groups(\?limit=(50|1)(&after=|$)|\/[^/]+\/users\?)/,
  apps: /^\/api\/v1\/apps\?/,
  'app-assignments': /^\/api\/v1\/apps(\?|\/[^/]+\/(users|groups)\?)/,
  'app-credentials': /^\/api\/v1\/apps(\?|\/[^/]+\/credentials\/)/,
  'app-grants': /^\/api\/v1\/apps(\?|\/[^/]+\/grants\?)/,
  roles: /^\/api\/v1\/iam\/roles/,
  'resource-sets': /^\/api\/v1\/iam\/resource-sets($|\?|\/[^/]+\/resources)/,
  'role-assignments':
    /^\/api\/v1\/iam\/(assignees\/users\?limit=100|resource-sets)|^\/(api|oauth2)\/v1\/(users|groups|clients)\/[^/]+\/roles|[?&]expand=stats/,
  factors: /^\/api\/v1\/users(\?limit=1$|\?.*fields=id%2Cstatus|\/[^/]+\/factors)/,
  authenticators: /^\/api\/v1\/authenticators/,
  'api-tokens': /^\/api\/v1\/api-tokens/,
  idps: /^\/api\/v1\/idps/,
  zones: /^\/api\/v1\/zones/,
  policies: /^\/api\/v1\/policies/,
  'system-log': /^\/api\/v1\/logs/,
};

const secretsOf = ({ apps, idps }: OktaOrganisation): readonly string[] => [
  ...apps.flatMap(({ oauth }) => (oauth?.secrets ?? []).map(({ value }) => value)),
  ...idps.map(({ clientSecret }) => clientSecret).filter((secret) => secret !== undefined),
];
