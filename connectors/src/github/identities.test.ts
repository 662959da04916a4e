import { describe, expect, test } from 'vitest';
import type { Github } from './client.ts';
import { createProfiles, readExternalIds, toExternalIds } from './identities.ts';

/** A client that answers GraphQL only. */
const answering = (answer: (query: string, variables: Record<string, unknown>) => unknown): Github => {
  const graphql: Github['graphql'] = async (query, variables) => answer(query, variables);
  return { graphql, installation: { organization: 'acme' } } as unknown as Github; // nothing else is asked of it
};

const identityPage = (id: number, endCursor: string | null) => ({
  organization: {
    samlIdentityProvider: {
      externalIdentities: {
        pageInfo: { hasNextPage: endCursor !== null, endCursor },
        edges: [
          { node: { guid: `g${id}`, samlIdentity: { nameId: `n${id}` }, user: { databaseId: id, login: 'x' } } },
          null,
          { node: null },
        ],
      },
    },
  },
});

describe('identities of single sign-on', () => {
  test('are those of all pages', async () => {
    const found = await readExternalIds(
      answering((_, { after }) => (after === null ? identityPage(1, 'A') : identityPage(2, null))),
    );
    expect(found).toEqual(
      new Map([
        [1, ['saml-nameid:n1', 'scim-id:g1']],
        [2, ['saml-nameid:n2', 'scim-id:g2']],
      ]),
    );
  });

  test('are unknown where GitHub does not tell', async () => {
    expect(await readExternalIds(answering(() => null))).toBeNull();
    expect(await readExternalIds(answering(() => ({ organization: { samlIdentityProvider: null } })))).toBeNull();
  });

  test('that end in the middle are a fault: half of them would accuse the other half', async () => {
    const client = answering((_, { after }) => (after === null ? identityPage(1, 'A') : null));
    await expect(readExternalIds(client)).rejects.toMatchObject({ kind: 'unexpected' });
  });

  test('name each identifier by its kind, once', () => {
    const identity = {
      guid: 'g',
      samlIdentity: { nameId: 'a@x', username: 'a@x' },
      scimIdentity: { username: 'a' },
      user: null,
    };
    expect(toExternalIds(identity)).toEqual(['saml-nameid:a@x', 'scim:a', 'scim-id:g']);
  });
});

test('a profile is asked for without e-mails where they are refused, and never with them again', async () => {
  const asked: string[] = [];
  const profiles = createProfiles(
    answering((query) => {
      asked.push(query);
      return query.includes('email')
        ? null
        : { nodes: [{ databaseId: 1, name: 'Ada', createdAt: '2020-01-01T00:00:00Z' }, null] };
    }),
  );
  expect(await profiles(['U_1'])).toEqual(
    new Map([[1, { name: 'Ada', email: null, verifiedEmails: [], createdAt: '2020-01-01T00:00:00Z' }]]),
  );
  await profiles(['U_1']);
  expect(asked.map((query) => query.includes('email'))).toEqual([true, false, false]);
});
