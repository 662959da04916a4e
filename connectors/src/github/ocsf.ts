import type { Event } from '@gatehouse/connector-kit';

/** OCSF class and activity of an audit event. */
export interface OcsfClass {
  readonly classUid: number;
  readonly activityId: number;
}

/** What GitHub's audit log calls it → OCSF. Names that are not here are told by their ending, as calls of the API. */
export const toOcsf = (action: string): OcsfClass => {
  const known = classes[action];
  if (known !== undefined) return known;
  const ending = action.slice(action.lastIndexOf('.') + 1);
  const activityId = endings.find(([pattern]) => pattern.test(ending))?.[1] ?? other;
  return { classUid: entityAreas.test(action) ? entity : api, activityId };
};

const other = 99;
const accountChange = 3001;
const authentication = 3002;
const entity = 3004;
const access = 3005;
const group = 3006;
const api = 6003;

const of = (classUid: number, activityId: number): OcsfClass => ({ classUid, activityId });

const classes: Readonly<Record<string, OcsfClass>> = {
  'org.sso_response': of(authentication, 1),
  'org.add_member': of(accountChange, 1),
  'org.remove_member': of(accountChange, 6),
  'org.invite_member': of(accountChange, 1),
  'org.add_outside_collaborator': of(accountChange, 1),
  'org.remove_outside_collaborator': of(accountChange, 6),
  'org.block_user': of(accountChange, 9),
  'org.unblock_user': of(accountChange, 12),
  'org.update_member': of(access, 1),
  'two_factor_authentication.enabled': of(accountChange, 10),
  'two_factor_authentication.disabled': of(accountChange, 11),
  'two_factor_authentication.password_reset_fallback_sms': of(accountChange, 4),
  'external_identity.provision': of(accountChange, 1),
  'external_identity.update': of(accountChange, 99),
  'external_identity.deprovision': of(accountChange, 6),
  'organization_role.assign': of(access, 1),
  'organization_role.revoke': of(access, 2),
  'repo.add_member': of(access, 1),
  'repo.update_member': of(access, 1),
  'repo.remove_member': of(access, 2),
  'team.add_repository': of(access, 1),
  'team.update_repository_permission': of(access, 1),
  'team.remove_repository': of(access, 2),
  'team.add_member': of(group, 3),
  'team.remove_member': of(group, 4),
  'team.promote_maintainer': of(group, 1),
  'team.demote_maintainer': of(group, 2),
  'team.create': of(group, 6),
  'team.destroy': of(group, 5),
  'git.clone': of(api, 2),
  'git.fetch': of(api, 2),
  'git.push': of(api, 3),
};

/** Things with a life of their own, whose changes OCSF keeps apart from other calls. */
const entityAreas =
  /^(?:org|repo|protected_branch|repository_ruleset|hook|environment|integration_installation|oauth_authorization|oauth_application|personal_access_token|public_key|deploy_key|ssh_certificate_authority|secret_scanning|role|members_can_\w+|repository_\w+)\./;

const endings: readonly (readonly [RegExp, number])[] = [
  [/^(?:create|add|register|provision|approve|grant|access_granted|request_created|publicize)/, 1],
  [/^(?:destroy|delete|remove|revoke|unregister|deprovision|cancel)/, 4],
  [
    /^(?:update|change|rename|transfer|access|config|edit|enable|disable|set|allow|require|policy_override|promote|demote|repositories_)/,
    3,
  ],
  [/^(?:clone|fetch|download|export|view|list|search)/, 2],
];

/** Only sign-ins can fail here: everything else in the audit log has happened. */
export const outcomeOf = (action: string, result: string | null): Event['outcome'] => {
  if (result === null) return 'success';
  return /fail|deni|error|invalid/i.test(result)
    ? 'failure'
    : action === 'org.sso_response' && !/success|ok/i.test(result)
      ? 'unknown'
      : 'success';
};
