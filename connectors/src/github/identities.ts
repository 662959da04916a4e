import { z } from 'zod';
import type { Github } from './client.ts';
import { moment, text } from './shapes.ts';

/**
 * What an identity provider calls a member: `saml-nameid:<NameID>`, `saml-username:<user name>`, `scim:<userName>` and
 * `scim-id:<id>`, the number under which SCIM knows the member here (an Okta app user's `externalId`).
 */
export type ExternalIds = ReadonlyMap<number, readonly string[]>;

const query = `query($org: String!, $after: String) {
  organization(login: $org) {
    samlIdentityProvider {
      externalIdentities(first: 100, after: $after, membersOnly: true) {
        pageInfo { hasNextPage endCursor }
        edges { node { guid samlIdentity { nameId username } scimIdentity { username } user { databaseId login } } }
      }
    }
  }
}`;

const Identity = z.object({
  guid: text,
  samlIdentity: z.object({ nameId: text, username: text }).nullish(),
  scimIdentity: z.object({ username: text }).nullish(),
  user: z.object({ databaseId: z.number().int().nullish() }).nullish(),
});

const Answer = z.object({
  organization: z.object({
    samlIdentityProvider: z.object({
      externalIdentities: z.object({
        pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: text }),
        edges: z.array(z.object({ node: Identity.nullish() }).nullish()).nullish(),
      }),
    }),
  }),
});

/** Every member's identities elsewhere; null where the organization has no single sign-on or does not let us read it. */
export const readExternalIds = async (client: Github): Promise<ExternalIds | null> => {
  const found = new Map<number, readonly string[]>();
  for (let after: string | null = null; ; ) {
    const answer = Answer.safeParse(await client.graphql(query, { org: client.installation.organization, after }));
    if (!answer.success) return found.size === 0 ? null : found;
    const { edges, pageInfo } = answer.data.organization.samlIdentityProvider.externalIdentities;
    for (const edge of edges ?? []) {
      const person = edge?.node?.user?.databaseId;
      if (edge?.node != null && person != null) found.set(person, toExternalIds(edge.node));
    }
    const next = pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null;
    if (next === null || next === after) return found;
    after = next;
  }
};

export const toExternalIds = ({
  guid,
  samlIdentity: saml,
  scimIdentity: scim,
}: z.output<typeof Identity>): string[] => {
  const ids: string[] = [];
  if (saml?.nameId) ids.push(`saml-nameid:${saml.nameId}`);
  if (saml?.username && saml.username !== saml.nameId) ids.push(`saml-username:${saml.username}`);
  if (scim?.username) ids.push(`scim:${scim.username}`);
  if (guid) ids.push(`scim-id:${guid}`);
  return ids;
};

/** What REST leaves out of a list of people. */
export interface Profile {
  readonly name: string | null;
  /** Shown on the person's page by choice, and confirmed by GitHub. */
  readonly email: string | null;
  /** At domains that the organization proved to own. */
  readonly verifiedEmails: readonly string[];
  readonly createdAt: string | number | null;
}

const profileQuery = `query($ids: [ID!]!, $org: String!) {
  nodes(ids: $ids) { ... on User { databaseId name email createdAt organizationVerifiedDomainEmails(login: $org) } }
}`;

const Profiles = z.object({ nodes: z.array(z.unknown()) });
const PersonNode = z.object({
  databaseId: z.number().int(),
  name: text,
  email: text,
  createdAt: moment,
  organizationVerifiedDomainEmails: z.array(z.string()).nullish().catch(null),
});

/** The profiles of up to a hundred people; null where GitHub does not let us ask. */
export const readProfiles = async (
  client: Github,
  nodeIds: readonly string[],
): Promise<ReadonlyMap<number, Profile> | null> => {
  const found = new Map<number, Profile>();
  if (nodeIds.length === 0) return found;
  const answer = Profiles.safeParse(
    await client.graphql(profileQuery, { ids: nodeIds, org: client.installation.organization }),
  );
  if (!answer.success) return null;
  for (const node of answer.data.nodes) {
    const person = PersonNode.safeParse(node);
    if (!person.success) continue;
    const { databaseId, name, email, createdAt, organizationVerifiedDomainEmails: verified } = person.data;
    found.set(databaseId, {
      name: name ?? null,
      email: email || null,
      verifiedEmails: verified ?? [],
      createdAt: createdAt ?? null,
    });
  }
  return found;
};
