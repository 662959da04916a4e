import { empty, type Resource, stream } from '@gatehouse/connector-kit';
import type { Json } from '@gatehouse/kernel';
import type { OktaClient } from './client.ts';
import { rawOf } from './raw.ts';
import { at, flagAt, Identified, lastSegment, linkOf, saidAt, switchOf, textAt, textsAt, timeAt } from './shapes.ts';
import { flat, walk } from './walk.ts';

/** Okta lists active applications and inactive ones alike. */
const appsPath = '/api/v1/apps?limit=200';

/**
 * For streams that go from applications to something of theirs: shorter pages, because a page is what is repeated after
 * an interruption.
 */
export const parentAppsPath = '/api/v1/apps?limit=50';

export const listApps = (client: OktaClient, path: string) => client.list(path, Identified);

/**
 * Okta's application as a resource. `attributes`:
 *
 * | name | what |
 * |---|---|
 * | catalogName | the application's kind in Okta's catalogue: `saasure` is the Admin Console, `github_cloud` … |
 * | isAdminConsole | `catalogName` is `saasure` |
 * | signOnMode | SAML_2_0, OPENID_CONNECT, BROWSER_PLUGIN, BOOKMARK … |
 * | accessPolicyId | the policy that guards signing in to it; null in organisations without them |
 * | features | provisioning features, such as PUSH_NEW_USERS |
 * | pushesPasswords | PUSH_PASSWORD_UPDATES is among the features |
 * | credentialsScheme | for SWA: SHARED_USERNAME_AND_PASSWORD is one password for everybody |
 * | revealsPassword | people may see the SWA password |
 * | implicitAssignment | everybody has it without an assignment |
 * | selfService | people may request it |
 * | clientId, applicationType, grantTypes, tokenEndpointAuthMethod, pkceRequired, dpopBound, redirectUris | OAuth client; null otherwise |
 * | isServiceApp | an OAuth client that acts by itself |
 * | settings | the application's own settings: `githubOrg`, `domain`, `subDomain`, `url` … tell which tenant it leads to |
 */
export const toAppResource = (app: Identified): Resource => {
  const oauth = oauthOf(app);
  const catalogName = textAt(app, 'name');
  const features = textsAt(app, 'features');
  return {
    ...empty('resources'),
    id: app.id,
    raw: rawOf(app),
    type: 'application',
    name: saidAt(app, 'label') ?? catalogName,
    description: saidAt(app, 'settings', 'notes', 'admin'),
    status: switchOf(app),
    createdAt: timeAt(app, 'created'),
    url: saidAt(app, 'settings', 'app', 'url') ?? saidAt(oauth?.settings, 'initiate_login_uri'),
    attributes: {
      catalogName,
      isAdminConsole: catalogName === 'saasure',
      signOnMode: textAt(app, 'signOnMode'),
      accessPolicyId: lastSegment(linkOf(app, 'accessPolicy')),
      features,
      pushesPasswords: features.includes('PUSH_PASSWORD_UPDATES'),
      credentialsScheme: textAt(app, 'credentials', 'scheme'),
      revealsPassword: flagAt(app, 'credentials', 'revealPassword'),
      implicitAssignment: flagAt(app, 'settings', 'implicitAssignment'),
      selfService: flagAt(app, 'accessibility', 'selfService'),
      clientId: oauth?.clientId ?? null,
      applicationType: textAt(oauth?.settings, 'application_type'),
      grantTypes: textsAt(oauth?.settings, 'grant_types'),
      tokenEndpointAuthMethod: oauth?.method ?? null,
      pkceRequired: flagAt(app, 'credentials', 'oauthClient', 'pkce_required'),
      dpopBound: flagAt(oauth?.settings, 'dpop_bound_access_tokens'),
      redirectUris: textsAt(oauth?.settings, 'redirect_uris').slice(0, 100),
      isServiceApp: oauth?.actsAlone ?? false,
      settings: plainSettings(at(app, 'settings', 'app')),
    },
  };
};

/** What an application is as an OAuth client; null for the others. */
export const oauthOf = (app: Identified) => {
  if (textAt(app, 'signOnMode') !== 'OPENID_CONNECT') return null;
  const settings = at(app, 'settings', 'oauthClient');
  const actsAlone =
    textAt(settings, 'application_type') === 'service' ||
    textsAt(settings, 'grant_types').includes('client_credentials');
  return {
    settings,
    clientId: saidAt(app, 'credentials', 'oauthClient', 'client_id') ?? app.id,
    method: textAt(app, 'credentials', 'oauthClient', 'token_endpoint_auth_method'),
    actsAlone,
  };
};

/** Settings are the catalogue's, so any name may occur; those that are one value are kept. */
const plainSettings = (settings: unknown): Json => {
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) return {};
  const kept = Object.entries(rawOf(settings)).filter(([, value]) => value !== null && typeof value !== 'object');
  return Object.fromEntries(kept.slice(0, 50));
};

export const apps = stream<OktaClient, 'resources'>({
  record: 'resources',
  title: 'Applications',
  needs: 'the scope okta.apps.read, and the admin role “Read-only Administrator”',
  reading: { mode: 'full' },
  everyMs: 3_600_000,
  async *read(client, from) {
    await client.session.require('okta.apps.read');
    yield* walk(client, { sections: [flat({ first: appsPath, list: listApps, map: toAppResource })] }, from);
  },
  probe: (client) => client.probe('/api/v1/apps?limit=1', 'okta.apps.read'),
});
