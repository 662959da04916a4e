import { Fault } from '@gatehouse/kernel';
import { z } from 'zod';
import type { Github } from './client.ts';
import { amount, eachOf, id, moment, text } from './shapes.ts';

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
  samlIdentity: z.object({ nameId: text, username: text }).nullish().catch(null),
  scimIdentity: z.object({ username: text }).nullish().catch(null),
  user: z.object({ databaseId: amount }).nullish().catch(null),
});

const Answer = z.object({
  organization: z.object({
    samlIdentityProvider: z.object({
      externalIdentities: z.object({
        pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: text }),
        edges: eachOf(z.object({ node: Identity.nullish() })),
      }),
    }),
  }),
});

/** Every member's identities elsewhere; null where the organization has no single sign-on or does not let us read it. */
export const readExternalIds = async (client: Github): Promise<ExternalIds | null> => {
  const found = new Map<number, readonly string[]>();
  for (let after: string | null = null; ; ) {
    const answer = Answer.safeParse(await client.graphql(query, { org: client.installation.organization, after }));
    if (!answer.success) {
      if (after === null) return null;
      // Half of them would make the other half look like people outside of single sign-on.
      throw new Fault(
        'unexpected',
        unfinished,
        `identities after ${after}: ${z.prettifyError(answer.error).slice(0, 500)}`,
      );
    }
    const { edges, pageInfo } = answer.data.organization.samlIdentityProvider.externalIdentities;
    for (const { node } of edges ?? []) {
      const person = node?.user?.databaseId;
      if (node != null && person != null) found.set(person, toExternalIds(node));
    }
    const next = pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null;
    if (next === null || next === after) return found;
    after = next;
  }
};

const unfinished = 'GitHub told the single sign-on identities of some members only, so none of them are taken over.';

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

/** What may be asked of a person differs: some servers and permissions refuse the e-mail, and the whole question with it. */
const profileFields = ['name email createdAt organizationVerifiedDomainEmails(login: $org)', 'name createdAt'] as const;

const profileQuery = (fields: string) => {
  const variables = fields.includes('$org') ? '$ids: [ID!]!, $org: String!' : '$ids: [ID!]!';
  return `query(${variables}) { nodes(ids: $ids) { ... on User { databaseId ${fields} } } }`;
};

const Profiles = z.object({ nodes: z.array(z.unknown()) });
const PersonNode = z.object({
  databaseId: id,
  name: text,
  email: text,
  createdAt: moment,
  organizationVerifiedDomainEmails: eachOf(z.string()),
});

export type ReadProfiles = (nodeIds: readonly string[]) => Promise<ReadonlyMap<number, Profile> | null>;

/**
 * Reads the profiles of up to a hundred people; null where GitHub does not let us ask. A question that was refused once
 * is not asked again.
 */
export const createProfiles = (client: Github): ReadProfiles => {
  let refusals = 0;
  return async (nodeIds) => {
    if (nodeIds.length === 0) return new Map();
    for (const fields of profileFields.slice(refusals)) {
      const variables = { ids: nodeIds, ...(fields.includes('$org') ? { org: client.installation.organization } : {}) };
      const answer = Profiles.safeParse(await client.graphql(profileQuery(fields), variables));
      if (answer.success) return toProfiles(answer.data.nodes);
      refusals++;
    }
    return null;
  };
};

const toProfiles = (nodes: readonly unknown[]): ReadonlyMap<number, Profile> => {
  const found = new Map<number, Profile>();
  for (const node of nodes) {
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
