import type { FakeAnswer, SeenRequest } from '@gatehouse/connector-kit/testing';
import { nodeIdOf } from './answers.ts';
import type { GithubOrganisation } from './organization.ts';
import { indexOf } from './tools.ts';

/** The three queries of the connector, known by the field they ask for. */
export const fakeGraphql = (request: SeenRequest, organization: GithubOrganisation): FakeAnswer => {
  const { query = '', variables = {} } = JSON.parse(request.body) as Asked; // sent by the connector itself
  if (query.includes('nodes(ids:'))
    return { body: { data: { nodes: (variables.ids ?? []).map((id) => profileOf(organization, id)) } } };
  if (query.includes('externalIdentities')) return identities(organization, variables.after ?? null);
  if (query.includes('ipAllowListEnabledSetting')) return signIn(organization);
  return { body: { errors: [{ type: 'undefinedField', message: 'The fake does not know this query' }] } };
};

interface Asked {
  readonly query?: string;
  readonly variables?: { readonly ids?: readonly string[]; readonly after?: string | null };
}

const profileOf = ({ people }: GithubOrganisation, id: string) => {
  const person = indexOf(people).byId.get(Number(id.slice(nodeIdOf('').length)));
  if (person === undefined) return null;
  return {
    databaseId: person.id,
    name: person.name,
    email: person.email ?? '',
    createdAt: person.createdAt,
    organizationVerifiedDomainEmails: person.verifiedEmails ?? [],
  };
};

const signIn = ({ saml }: GithubOrganisation): FakeAnswer => ({
  body: {
    data: {
      organization: {
        samlIdentityProvider: saml === null || saml === 'hidden' ? null : saml,
        ipAllowListEnabledSetting: 'DISABLED',
      },
    },
    ...(saml === 'hidden' ? { errors: [hidden] } : {}),
  },
});

const hidden = {
  type: 'FORBIDDEN',
  path: ['organization', 'samlIdentityProvider'],
  message: 'Resource not accessible by integration',
};

const pageSize = 100;

const identities = ({ saml, people }: GithubOrganisation, after: string | null): FakeAnswer => {
  if (saml === 'hidden') return { body: { data: { organization: { samlIdentityProvider: null } }, errors: [hidden] } };
  if (saml === null) return { body: { data: { organization: { samlIdentityProvider: null } } } };
  const known = people.filter((person) => person.identity !== undefined);
  const start = after === null ? 0 : Number(after);
  const end = start + pageSize;
  const edges = known.slice(start, end).map(({ id, login, identity }) => ({
    node: {
      guid: identity?.guid ?? null,
      samlIdentity: { nameId: identity?.nameId ?? null, username: null },
      scimIdentity: identity?.scimUserName === undefined ? null : { username: identity.scimUserName },
      user: { databaseId: id, login },
    },
  }));
  const pageInfo = { hasNextPage: end < known.length, endCursor: String(end) };
  return { body: { data: { organization: { samlIdentityProvider: { externalIdentities: { pageInfo, edges } } } } } };
};
