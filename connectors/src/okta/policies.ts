import { empty, type Policy, stream } from '@gatehouse/connector-kit';
import { type Cursor, type Page, statusOf } from '@gatehouse/host';
import { endless, type Listing, nothing, type OktaClient } from './client.ts';
import { toRuleSettings } from './policy-rules.ts';
import { rawOf } from './raw.ts';
import { isAbsent } from './refusal.ts';
import { at, flagAt, Identified, lastSegment, linkOf, numberAt, switchOf, textAt, textsAt } from './shapes.ts';
import { nested, walk } from './walk.ts';

/** Okta lists policies type by type. Only the first three are part of every organisation. */
const policyTypes: readonly { readonly type: string; readonly as: Policy['type']; readonly everywhere: boolean }[] = [
  { type: 'OKTA_SIGN_ON', as: 'sign_on', everywhere: true },
  { type: 'PASSWORD', as: 'password', everywhere: true },
  { type: 'MFA_ENROLL', as: 'mfa_enroll', everywhere: true },
  { type: 'ACCESS_POLICY', as: 'access', everywhere: false },
  { type: 'IDP_DISCOVERY', as: 'idp_discovery', everywhere: false },
  { type: 'PROFILE_ENROLLMENT', as: 'profile_enrollment', everywhere: false },
  { type: 'POST_AUTH_SESSION', as: 'other', everywhere: false },
  { type: 'ENTITY_RISK', as: 'other', everywhere: false },
];

/**
 * A policy with its rules in one record. `targets`: the groups it applies to; for `access` and `profile_enrollment` the
 * applications it guards. `settings`:
 *
 * | name | what |
 * |---|---|
 * | oktaType | OKTA_SIGN_ON, ACCESS_POLICY … |
 * | system | made by Okta, cannot be deleted |
 * | authProvider | OKTA, ACTIVE_DIRECTORY, LDAP: whose passwords it governs |
 * | password | minLength, maxAgeDays, historyCount, lockoutAttempts, excludesCommon |
 * | authenticators | for `mfa_enroll`: `{ key, enroll }`, where enroll is REQUIRED, OPTIONAL or NOT_ALLOWED |
 * | rules | by priority, see `toRuleSettings` |
 */
export const toPolicy = (of: {
  policy: Identified;
  as: Policy['type'];
  rules: readonly Identified[];
  appIds: readonly string[];
}): Policy => {
  const { policy, as, rules, appIds } = of;
  const password = at(policy, 'settings', 'password');
  return {
    ...empty('policies'),
    id: policy.id,
    raw: rawOf({ ...policy, rules: rules.map(({ _links, ...rule }) => rule) }),
    type: as,
    name: textAt(policy, 'name'),
    status: switchOf(policy),
    priority: numberAt(policy, 'priority'),
    targets: appIds.length > 0 ? appIds : textsAt(policy, 'conditions', 'people', 'groups', 'include'),
    settings: {
      oktaType: textAt(policy, 'type'),
      system: flagAt(policy, 'system'),
      authProvider: textAt(policy, 'conditions', 'authProvider', 'provider'),
      password:
        password === undefined || password === null
          ? null
          : {
              minLength: numberAt(password, 'complexity', 'minLength'),
              maxAgeDays: numberAt(password, 'age', 'maxAgeDays'),
              historyCount: numberAt(password, 'age', 'historyCount'),
              lockoutAttempts: numberAt(password, 'lockout', 'maxAttempts'),
              excludesCommon: flagAt(password, 'complexity', 'dictionary', 'common', 'exclude'),
            },
      authenticators: authenticatorsOf(policy),
      rules: [...rules].sort(byPriority).map(toRuleSettings),
    },
  };
};

const byPriority = (a: Identified, b: Identified) =>
  (numberAt(a, 'priority') ?? Number.MAX_SAFE_INTEGER) - (numberAt(b, 'priority') ?? Number.MAX_SAFE_INTEGER);

/** Identity Engine tells authenticators as a list, Classic Engine factors as an object by name. */
const authenticatorsOf = (policy: Identified) => {
  const authenticators = at(policy, 'settings', 'authenticators');
  const factors = at(policy, 'settings', 'factors');
  if (Array.isArray(authenticators)) {
    return authenticators.map((one: unknown) => ({ key: textAt(one, 'key'), enroll: textAt(one, 'enroll', 'self') }));
  }
  if (typeof factors !== 'object' || factors === null) return [];
  return Object.entries(factors).map(([key, factor]) => ({ key, enroll: textAt(factor, 'enroll', 'self') }));
};

/** Rules have pages of their own in organisations with many. */
const rulesOf = async (client: OktaClient, policyId: string) =>
  all(client, `/api/v1/policies/${encodeURIComponent(policyId)}/rules?limit=200`);

const appIdsOf = async (client: OktaClient, policyId: string) => {
  const mappings = await all(client, `/api/v1/policies/${encodeURIComponent(policyId)}/mappings`);
  return mappings.map((mapping) => lastSegment(linkOf(mapping, 'application'))).filter((appId) => appId !== null);
};

const all = async (client: OktaClient, first: string): Promise<readonly Identified[]> => {
  const found: Identified[] = [];
  const seen = new Set<string>();
  for (let from: string | null = null; ; ) {
    const { items, next }: Listing<Identified> = await client.listOf(first, from, Identified);
    found.push(...items);
    if (next === null) return found;
    if (seen.has(next)) throw endless(next);
    seen.add(next);
    from = next;
  }
};

/** A type that the organisation does not have is an empty list; older ones call it invalid. */
const listPolicies = (everywhere: boolean) => async (client: OktaClient, path: string) => {
  try {
    return await client.list(path, Identified);
  } catch (error) {
    if (everywhere || !(isAbsent(error) || (statusOf(error) === 400 && !path.includes('after=')))) throw error;
    return nothing;
  }
};

async function* readPolicies(client: OktaClient, from: Cursor | null): AsyncIterable<Page<Policy>> {
  await client.session.require('okta.policies.read');
  const sections = policyTypes.map(({ type, as, everywhere }) =>
    nested({
      first: `/api/v1/policies?${new URLSearchParams({ type, limit: '200' })}`,
      list: listPolicies(everywhere),
      async each(c, policy: Identified) {
        const rules = await rulesOf(c, policy.id);
        const guardsApps = as === 'access' || as === 'profile_enrollment';
        const appIds = guardsApps ? await appIdsOf(c, policy.id) : [];
        return { records: [toPolicy({ policy, as, rules, appIds })], next: null };
      },
    }),
  );
  yield* walk(client, { sections }, from);
}

export const policies = stream<OktaClient, 'policies'>({
  record: 'policies',
  title: 'Policies',
  needs: 'the scope okta.policies.read, and the admin role “Read-only Administrator”',
  reading: { mode: 'full' },
  everyMs: 3_600_000,
  read: readPolicies,
  probe: (client) => client.probe('/api/v1/policies?type=OKTA_SIGN_ON&limit=1', 'okta.policies.read'),
});
