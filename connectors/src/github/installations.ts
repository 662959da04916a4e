import { type Credential, empty, stream } from '@gatehouse/connector-kit';
import { readable } from '@gatehouse/host';
import { z } from 'zod';
import type { Github } from './client.ts';
import { needs, wordsOf } from './need.ts';
import { organizationId } from './organization.ts';
import { privilegeOfPermissions } from './privilege.ts';
import { listed } from './reading.ts';
import { amount, flag, id, moment, permissionMap, rawOf, read, text, texts, toDate, User } from './shapes.ts';

const hourMs = 3_600_000;
const none = empty('credentials');

export const Installed = z.object({
  id,
  app_id: amount,
  app_slug: text,
  target_type: text,
  repository_selection: text,
  permissions: permissionMap,
  events: texts,
  created_at: moment,
  updated_at: moment,
  suspended_at: moment,
});
export type Installed = z.output<typeof Installed>;

/** `contents:write`, as scopes are shown and searched. */
const scopesOf = (permissions: Readonly<Record<string, string>>) =>
  Object.entries(permissions).map(([name, access]) => `${name}:${access}`);

/** A list besides the map, because some of the names smell of secrets and have their values masked in what is stored. */
const writesOf = (permissions: Readonly<Record<string, string>>) =>
  Object.keys(permissions).filter((name) => permissions[name] !== 'read');

/**
 * An installed app.
 *
 * | attribute | means |
 * |---|---|
 * | appId, appSlug | |
 * | repositorySelection | all or selected (G03) |
 * | permissions | `{ contents: "write" }`, GitHub's names |
 * | writes | names of the permissions that write (G03) |
 * | events | webhooks it receives |
 * | suspendedAt | |
 */
export const toInstallation = (found: Installed, item: unknown): Credential => ({
  ...none,
  id: `installation:${found.id}`,
  type: 'app_installation',
  name: found.app_slug ?? `App ${found.app_id ?? found.id}`,
  status: found.suspended_at == null ? 'active' : 'inactive',
  ownerKind: 'organization',
  ownerId: organizationId,
  createdAt: toDate(found.created_at),
  scopes: scopesOf(found.permissions),
  privilege: privilegeOfPermissions(found.permissions, found.repository_selection !== 'selected'),
  attributes: {
    appId: found.app_id ?? null,
    appSlug: found.app_slug ?? null,
    repositorySelection: found.repository_selection ?? null,
    permissions: found.permissions,
    writes: writesOf(found.permissions),
    events: found.events,
    suspendedAt: toDate(found.suspended_at)?.toISOString() ?? null,
  },
  raw: rawOf(item),
});

export const installations = stream<Github, 'credentials'>({
  record: 'credentials',
  title: 'Installed apps',
  needs: wordsOf(needs.administration),
  reading: { mode: 'full' },
  everyMs: hourMs,
  read: (client, from) =>
    listed(
      client,
      {
        path: `${client.org}/installations?per_page=100`,
        need: needs.administration,
        toRecords: (items) =>
          readable(items, (item) => toInstallation(read(Installed, item, 'an installed app'), item)),
      },
      from,
    ),
});

const TokenPermissions = z.object({ organization: permissionMap, repository: permissionMap }).nullish().catch(null);

export const FineGrainedToken = z.object({
  id,
  owner: User.nullish().catch(null),
  reason: text,
  repository_selection: text,
  permissions: TokenPermissions,
  access_granted_at: moment,
  created_at: moment,
  token_id: amount,
  token_name: text,
  token_expired: flag,
  token_expires_at: moment,
  token_last_used_at: moment,
});
export type FineGrainedToken = z.output<typeof FineGrainedToken>;

/**
 * A fine-grained personal access token, or a request for one. `createdAt` is when access was granted: GitHub does not
 * tell when the token was made.
 *
 * | attribute | means |
 * |---|---|
 * | tokenId | |
 * | ownerLogin | |
 * | repositorySelection | all, subset or none (G03) |
 * | permissions | `{ contents: "write" }`; those on the organization begin with `organization_` or are `members` |
 * | writes | names of the permissions that write (G03) |
 * | requested | it waits for an owner's approval and cannot be used yet |
 * | reason | what the person wrote |
 */
export const toToken = (found: FineGrainedToken, item: unknown, requested: boolean): Credential => {
  const permissions = { ...organizationNames(found.permissions?.organization ?? {}), ...found.permissions?.repository };
  const expired = found.token_expired === true;
  return {
    ...none,
    id: `${requested ? 'token-request' : 'token'}:${found.id}`,
    type: 'pat',
    name: found.token_name ?? `Token ${found.token_id ?? found.id}`,
    status: requested ? 'inactive' : expired ? 'expired' : 'active',
    ownerKind: 'account',
    ownerId: found.owner == null ? null : String(found.owner.id),
    createdAt: toDate(found.access_granted_at ?? found.created_at),
    expiresAt: toDate(found.token_expires_at),
    lastUsedAt: toDate(found.token_last_used_at),
    scopes: scopesOf(permissions),
    privilege: privilegeOfPermissions(permissions, found.repository_selection === 'all'),
    attributes: {
      tokenId: found.token_id ?? null,
      ownerLogin: found.owner?.login ?? null,
      repositorySelection: found.repository_selection ?? null,
      permissions,
      writes: writesOf(permissions),
      requested,
      reason: found.reason ?? null,
    },
    raw: rawOf(item),
  };
};

/** Tokens say `administration` for the organization and for a repository alike; apps tell them apart, and so do we. */
const organizationNames = (permissions: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(permissions).map(([name, access]) => [
      name === 'members' || name.startsWith('organization_') ? name : `organization_${name}`,
      access,
    ]),
  );

const tokenStream = (path: string, title: string, need: (typeof needs)['tokens'], requested: boolean) =>
  stream<Github, 'credentials'>({
    record: 'credentials',
    title,
    needs: wordsOf(need),
    reading: { mode: 'full' },
    everyMs: hourMs,
    read: (client, from) =>
      listed(
        client,
        {
          path: `${client.org}/${path}?per_page=100`,
          need,
          toRecords: (items) =>
            readable(items, (item) => toToken(read(FineGrainedToken, item, 'a fine-grained token'), item, requested)),
        },
        from,
      ),
  });

export const tokens = tokenStream('personal-access-tokens', 'Fine-grained tokens', needs.tokens, false);

export const tokenRequests = tokenStream(
  'personal-access-token-requests',
  'Requests for fine-grained tokens',
  needs.tokenRequests,
  true,
);

export const Authorization = z.object({
  login: text,
  credential_id: id,
  credential_type: text,
  scopes: texts,
  fingerprint: text,
  credential_authorized_at: moment,
  credential_accessed_at: moment,
  authorized_credential_id: amount,
  authorized_credential_title: text,
  authorized_credential_note: text,
  authorized_credential_expires_at: moment,
});
export type Authorization = z.output<typeof Authorization>;

/**
 * A classic token or SSH key that a member let through the organization's single sign-on (G08). GitHub names its owner by
 * login only; `ownerOf` knows the number.
 *
 * | attribute | means |
 * |---|---|
 * | ownerLogin | |
 * | kind | personal access token or SSH key, in GitHub's words |
 */
export const toAuthorization = (
  found: Authorization,
  item: unknown,
  ownerOf: ReadonlyMap<string, string>,
  now: Date,
): Credential => {
  const expiresAt = toDate(found.authorized_credential_expires_at);
  const isKey = /ssh/i.test(found.credential_type ?? '');
  const ownerId = found.login == null ? null : (ownerOf.get(found.login.toLowerCase()) ?? null);
  return {
    ...none,
    id: `authorization:${found.credential_id}`,
    type: isKey ? 'ssh_key' : 'pat',
    name:
      found.authorized_credential_title ||
      found.authorized_credential_note ||
      `${found.login ?? ''} ${found.credential_type ?? ''}`.trim(),
    status: expiresAt !== null && expiresAt <= now ? 'expired' : 'active',
    ownerKind: 'account',
    ownerId,
    createdAt: toDate(found.credential_authorized_at),
    expiresAt,
    lastUsedAt: toDate(found.credential_accessed_at),
    scopes: found.scopes,
    fingerprint: found.fingerprint ?? null,
    privilege: isKey ? 'moderate' : privilegeOfScopes(found.scopes),
    attributes: { ownerLogin: found.login ?? null, kind: found.credential_type ?? null },
    raw: rawOf(item, secretOfAuthorization),
  };
};

const secretOfAuthorization = new Set(['token_last_eight']);

/** What a classic token may do at most; its owner's own rights are the other bound. */
const privilegeOfScopes = (scopes: readonly string[]): Credential['privilege'] => {
  if (scopes.some((scope) => /^(?:admin:(?:org|enterprise)|write:org|delete_repo|site_admin)$/.test(scope)))
    return 'high';
  if (scopes.some((scope) => /^(?:repo|workflow|admin:|write:|public_repo)/.test(scope))) return 'moderate';
  return scopes.length === 0 ? null : 'low';
};

/** Only organizations with single sign-on have this list; elsewhere there is nothing to authorize. */
export const credentialAuthorizations = stream<Github, 'credentials'>({
  record: 'credentials',
  title: 'Tokens and keys authorized for single sign-on',
  needs: wordsOf(needs.administration),
  reading: { mode: 'full' },
  everyMs: 6 * hourMs,
  read: async function* (client, from) {
    const need = { ...needs.administration, plan: 'GitHub Enterprise Cloud or Server' } as const;
    const owners = new Map<string, string>();
    const toRecords = async (items: readonly unknown[]) => {
      if (owners.size === 0 && items.length > 0) await learnLogins(client, owners);
      return readable(items, (item) =>
        toAuthorization(read(Authorization, item, 'an authorization'), item, owners, client.clock.now()),
      );
    };
    yield* listed(client, { path: `${client.org}/credential-authorizations?per_page=100`, need, toRecords }, from);
  },
});

const learnLogins = async (client: Github, owners: Map<string, string>): Promise<void> => {
  for await (const { items } of client.pages(`${client.org}/members?per_page=100`, needs.members)) {
    for (const { login, id: number } of readable(items, (item) => read(User, item, 'a member')).items) {
      if (login) owners.set(login.toLowerCase(), String(number));
    }
  }
};
