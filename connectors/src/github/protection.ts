import { empty, type Policy, stream } from '@gatehouse/connector-kit';
import type { Json } from '@gatehouse/kernel';
import { z } from 'zod';
import { Absent, type Github } from './client.ts';
import { holds, needs, wordsOf } from './need.ts';
import { perRepository, type Repository, repositoryPath } from './repositories.ts';
import { amount, eachOf, feature, flag, id, rawOf, read, someOf, text } from './shapes.ts';

const member = z.object({ login: text, slug: text });
const actors = z
  .object({ users: eachOf(member), teams: eachOf(member), apps: eachOf(member) })
  .nullish()
  .catch(null);

export const Protection = someOf({
  // There always, so an answer that has nothing else is one all the same.
  url: text,
  enforce_admins: feature,
  required_pull_request_reviews: z
    .object({
      required_approving_review_count: amount,
      dismiss_stale_reviews: flag,
      require_code_owner_reviews: flag,
      require_last_push_approval: flag,
      bypass_pull_request_allowances: actors,
    })
    .nullish()
    .catch(null),
  required_status_checks: z
    .object({ strict: flag, contexts: eachOf(z.string()), checks: eachOf(z.object({ context: z.string() })) })
    .nullish()
    .catch(null),
  restrictions: actors,
  required_signatures: feature,
  required_linear_history: feature,
  allow_force_pushes: feature,
  allow_deletions: feature,
  required_conversation_resolution: feature,
  lock_branch: feature,
});
export type Protection = z.output<typeof Protection>;

/** One rule in force on a branch, from a ruleset of the repository, the organization or the enterprise. */
export const BranchRule = z.object({
  type: z.string(),
  ruleset_id: amount,
  ruleset_source_type: text,
  ruleset_source: text,
  parameters: z.record(z.string(), z.unknown()).nullish().catch(null),
});

/** What is known about the default branch of one repository. */
export interface BranchFacts {
  readonly repository: Pick<Repository, 'id' | 'full_name' | 'default_branch'>;
  /** Null: not protected in the classic way. */
  readonly protection: Protection | null;
  /** Null: GitHub did not let us read the rulesets in force. */
  readonly rules: readonly z.output<typeof BranchRule>[] | null;
  /** The plan of the organization has no protection for this repository. */
  readonly unavailable: boolean;
}

/**
 * The default branch of a repository (G04). No protection at all is a fact: a record with `protected: false`.
 *
 * | setting | means |
 * |---|---|
 * | branch | |
 * | protected | by branch protection or by a ruleset; null where that could not be read |
 * | unavailable | the plan has no protection for this repository |
 * | classic | there is branch protection, not only rulesets |
 * | enforceAdmins | protection holds for administrators too; null without classic protection |
 * | pullRequestRequired, requiredApprovals, dismissStaleApprovals, codeOwnerReviewRequired, lastPushApprovalRequired | of both, the stricter |
 * | bypassPullRequest | who may merge without: `user:login`, `team:slug`, `app:slug` |
 * | pushRestrictedTo | who may push at all; null: everybody with write |
 * | statusChecks, signaturesRequired, linearHistoryRequired, conversationResolutionRequired, locked | |
 * | forcePushAllowed, deletionAllowed | of both, the stricter |
 * | rules | types of the rules in force from rulesets; null where unreadable |
 * | rulesetIds | where those come from: records `ruleset:<id>` tell their bypass actors |
 */
export const toBranchProtection = (facts: BranchFacts, item: unknown): Policy => {
  const { repository, protection, rules, unavailable } = facts;
  const reviews = protection?.required_pull_request_reviews ?? null;
  const types = new Set(rules?.map(({ type }) => type));
  /** Null: not known, because the rules are not. */
  const isRuled = (type: string): boolean | null => (rules === null && !unavailable ? null : types.has(type));
  const review = strictest(rules?.filter(({ type }) => type === 'pull_request') ?? []);
  const isProtected =
    protection !== null || (rules?.length ?? 0) > 0 ? true : rules === null && !unavailable ? null : false;
  return {
    ...none,
    id: `branch-protection:${repository.id}`,
    type: 'branch_protection',
    name: `${repository.full_name}: ${repository.default_branch ?? 'default branch'}`,
    status: isProtected === null ? null : isProtected ? 'enabled' : 'disabled',
    targets: [String(repository.id)],
    settings: {
      branch: repository.default_branch ?? null,
      protected: isProtected,
      unavailable,
      classic: protection !== null,
      enforceAdmins: protection === null ? null : (protection.enforce_admins ?? null),
      pullRequestRequired: reviews !== null || isRuled('pull_request'),
      requiredApprovals: most(reviews?.required_approving_review_count, review?.required_approving_review_count),
      dismissStaleApprovals: either(reviews?.dismiss_stale_reviews, review?.dismiss_stale_reviews_on_push),
      codeOwnerReviewRequired: either(reviews?.require_code_owner_reviews, review?.require_code_owner_review),
      lastPushApprovalRequired: either(reviews?.require_last_push_approval, review?.require_last_push_approval),
      bypassPullRequest: namesOf(reviews?.bypass_pull_request_allowances) ?? [],
      pushRestrictedTo: namesOf(protection?.restrictions),
      statusChecks: checksOf(protection) ?? (types.has('required_status_checks') ? ['by ruleset'] : []),
      signaturesRequired: either(protection?.required_signatures, isRuled('required_signatures')),
      linearHistoryRequired: either(protection?.required_linear_history, isRuled('required_linear_history')),
      conversationResolutionRequired: either(
        protection?.required_conversation_resolution,
        review?.required_review_thread_resolution,
      ),
      locked: protection?.lock_branch ?? null,
      forcePushAllowed: unlessRule(
        isRuled('non_fast_forward'),
        protection === null ? !isProtected || null : protection.allow_force_pushes,
        isProtected,
      ),
      deletionAllowed: unlessRule(
        isRuled('deletion'),
        protection === null ? !isProtected || null : protection.allow_deletions,
        isProtected,
      ),
      rules: rules === null ? null : [...types],
      rulesetIds:
        rules === null
          ? null
          : [...new Set(rules.flatMap((rule) => (rule.ruleset_id == null ? [] : [`ruleset:${rule.ruleset_id}`])))],
    },
    raw: item as Json, // composed of GitHub's own answers
  };
};

/** `checks` takes the place of `contexts`, which GitHub means to leave out one day. */
const checksOf = (protection: Protection | null): readonly string[] | null => {
  const found = protection?.required_status_checks;
  return found?.contexts ?? found?.checks?.map(({ context }) => context) ?? null;
};

const none = empty('policies');

/** Several rulesets may ask for reviews; each of them has to be satisfied. */
const strictest = (rules: readonly z.output<typeof BranchRule>[]): Readonly<Record<string, unknown>> => {
  const all: Record<string, unknown> = {};
  for (const [name, value] of rules.flatMap(({ parameters }) => Object.entries(parameters ?? {}))) {
    const before = all[name];
    if (typeof value === 'number' && typeof before === 'number') all[name] = Math.max(before, value);
    else if (before !== true) all[name] = value;
  }
  return all;
};

/** `null` is unknown, so it leaves the answer open; `undefined` is a side that has nothing to say. */
const either = (a: boolean | null | undefined, b: unknown): boolean | null => {
  if (a === true || b === true) return true;
  if (b === null) return null;
  return typeof a === 'boolean' || typeof b === 'boolean' ? false : null;
};

const most = (a: number | null | undefined, b: unknown): number | null => {
  const counts = [a, b].filter((count) => typeof count === 'number');
  return counts.length === 0 ? null : Math.max(...counts);
};

/** A rule forbids it whatever the classic settings say; a branch without classic protection allows what no rule forbids. */
const unlessRule = (
  forbidden: boolean | null,
  classic: boolean | null | undefined,
  isProtected: boolean | null,
): boolean | null => {
  if (forbidden === true) return false;
  const allowed = classic ?? (isProtected === null ? null : true);
  return allowed && forbidden === null ? null : allowed;
};

const namesOf = (found: z.output<typeof actors>): string[] | null =>
  found == null
    ? null
    : [
        ...(found.users ?? []).map((user) => `user:${user.login}`),
        ...(found.teams ?? []).map((team) => `team:${team.slug}`),
        ...(found.apps ?? []).map((app) => `app:${app.slug}`),
      ];

/** A rule as webhooks and older servers tell it: `non_admins` enforces for everyone but administrators. */
export const ProtectionRule = z.object({
  id,
  name: z.string(),
  admin_enforced: flag,
  pull_request_reviews_enforcement_level: text,
  required_approving_review_count: amount,
  dismiss_stale_reviews_on_push: flag,
  require_code_owner_review: flag,
  require_last_push_approval: flag,
  required_status_checks: eachOf(z.string()),
  required_status_checks_enforcement_level: text,
  strict_required_status_checks_policy: flag,
  signature_requirement_enforcement_level: text,
  linear_history_requirement_enforcement_level: text,
  allow_force_pushes_enforcement_level: text,
  allow_deletions_enforcement_level: text,
  required_conversation_resolution_level: text,
});

/** The same protection in the words of the API. */
export const toProtection = (rule: z.output<typeof ProtectionRule>): Protection => {
  const on = (level: string | null | undefined) => (level == null ? null : level !== 'off');
  return {
    enforce_admins: rule.admin_enforced ?? null,
    required_pull_request_reviews: on(rule.pull_request_reviews_enforcement_level)
      ? {
          required_approving_review_count: rule.required_approving_review_count,
          dismiss_stale_reviews: rule.dismiss_stale_reviews_on_push,
          require_code_owner_reviews: rule.require_code_owner_review,
          require_last_push_approval: rule.require_last_push_approval,
          bypass_pull_request_allowances: null,
        }
      : null,
    required_status_checks: on(rule.required_status_checks_enforcement_level)
      ? { strict: rule.strict_required_status_checks_policy, contexts: rule.required_status_checks }
      : null,
    restrictions: null,
    required_signatures: on(rule.signature_requirement_enforcement_level),
    required_linear_history: on(rule.linear_history_requirement_enforcement_level),
    allow_force_pushes: on(rule.allow_force_pushes_enforcement_level),
    allow_deletions: on(rule.allow_deletions_enforcement_level),
    required_conversation_resolution: on(rule.required_conversation_resolution_level),
    lock_branch: null,
  };
};

/** Archived repositories are left out: nobody can push to them. */
export const branchProtection = stream<Github, 'policies'>({
  record: 'policies',
  title: 'Default branch protection',
  needs: wordsOf(needs.repositoryAdministration),
  reading: { mode: 'full' },
  everyMs: 6 * 3_600_000,
  read: (client, from) =>
    perRepository(
      client,
      {
        need: needs.repositoryAdministration,
        concerns: (repository) => !repository.archived && Boolean(repository.default_branch),
        children: async (repository) => ({ records: [await readProtection(client, repository)], next: null }),
      },
      from,
    ),
});

const readProtection = async (client: Github, repository: Repository): Promise<Policy> => {
  const branch = encodeURIComponent(repository.default_branch ?? '');
  const path = repositoryPath(repository);
  const [protection, rules] = await Promise.all([
    classicOf(client, repository, `${path}/branches/${branch}/protection`),
    rulesOf(client, `${path}/rules/branches/${branch}?per_page=100`),
  ]);
  const facts = {
    repository,
    protection: protection.item === null ? null : read(Protection, protection.item, path),
    rules: rules?.map((rule) => read(BranchRule, rule, path)) ?? null,
    unavailable: protection.unavailable,
  };
  return toBranchProtection(facts, { protection: rawOf(protection.item), rules: (rules ?? null) as Json }); // they came out of JSON.parse
};

/** 404 says that the branch is not protected. 403 with the permission held says that the plan protects public repositories only. */
const classicOf = async (client: Github, repository: Repository, path: string) => {
  try {
    return { item: await client.get(path, needs.repositoryAdministration), unavailable: false };
  } catch (error) {
    if (!(error instanceof Absent)) throw error;
    const isPlan = error.status === 403 && (repository.private === true || repository.visibility === 'private');
    if (error.status === 403 && !(isPlan && (await isHeld(client)))) throw error;
    return { item: null, unavailable: isPlan };
  }
};

const isHeld = async (client: Github) => holds((await client.granted()).permissions, needs.repositoryAdministration);

/** None where this server or plan has no rulesets; null where GitHub does not show them. */
const rulesOf = async (client: Github, path: string): Promise<unknown[] | null> => {
  try {
    return await allOf(client, path);
  } catch (error) {
    if (!(error instanceof Absent)) throw error;
    return error.isAboutThis ? [] : null;
  }
};

const allOf = async (client: Github, path: string): Promise<unknown[]> => {
  const found: unknown[] = [];
  for await (const { items } of client.pages(path, needs.metadata)) found.push(...items);
  return found;
};
