/** An event in the words of OCSF: class and activity by number. */
export interface OcsfEvent {
  readonly classUid: number;
  readonly activityId: number;
}

const accountChange = 3001;
const authentication = 3002;
const authorizeSession = 3003;
const entityManagement = 3004;
const userAccess = 3005;
const groupManagement = 3006;
const apiActivity = 6003;
const detection = 2004;

/** No activity of the class fits. */
const other = 99;

/**
 * Okta's event types, the first prefix that matches counts, so the narrower ones stand first.
 * Activities: 3001 create 1, enable 2, password change 3, password reset 4, disable 5, delete 6, lock 9, factor enable
 * 10, factor disable 11, unlock 12 · 3002 logon 1, logoff 2, preauth 6, account switch 7 · 3004 create 1, update 3,
 * delete 4, activate 10, deactivate 11 · 3005 assign 1, revoke 2 · 3006 add user 3, remove user 4, delete 5, create 6.
 */
const prefixes: readonly (readonly [prefix: string, classUid: number, activityId: number])[] = [
  ['user.session.start', authentication, 1],
  ['user.session.end', authentication, 2],
  ['user.session.expire', authentication, 2],
  ['user.session.clear', authentication, 2],
  ['user.session.impersonation', authentication, 7],
  ['user.session.access_admin_app', authorizeSession, 1],
  ['user.session.context', authentication, other],
  ['user.authentication.verify', authentication, 6],
  ['user.authentication', authentication, 1],
  ['user.mfa.okta_verify', authentication, 6],
  ['user.mfa.attempt_bypass', authentication, 6],
  ['user.mfa.factor.activate', accountChange, 10],
  ['user.mfa.factor.unsuspend', accountChange, 10],
  ['user.mfa.factor', accountChange, 11],
  ['user.account.privilege.grant', userAccess, 1],
  ['user.account.privilege.revoke', userAccess, 2],
  ['user.account.lock', accountChange, 9],
  ['user.account.unlock', accountChange, 12],
  ['user.account.update_password', accountChange, 3],
  ['user.account.reset_password', accountChange, 4],
  ['user.account.expire_password', accountChange, 4],
  ['user.account', accountChange, other],
  ['user.lifecycle.create', accountChange, 1],
  ['user.lifecycle.delete', accountChange, 6],
  ['user.lifecycle.deactivate', accountChange, 5],
  ['user.lifecycle.suspend', accountChange, 5],
  ['user.lifecycle.activate', accountChange, 2],
  ['user.lifecycle.reactivate', accountChange, 2],
  ['user.lifecycle.unsuspend', accountChange, 2],
  ['user.lifecycle', accountChange, other],
  ['user.risk', detection, 1],
  ['security', detection, 1],
  ['policy.evaluate_sign_on', authorizeSession, other],
  ['policy.auth_reevaluate', authorizeSession, other],
  ['policy.entity_risk', detection, 1],
  ['group.privilege.grant', userAccess, 1],
  ['group.privilege.revoke', userAccess, 2],
  ['group.user_membership.add', groupManagement, 3],
  ['group.user_membership.remove', groupManagement, 4],
  ['group.lifecycle.create', groupManagement, 6],
  ['group.lifecycle.delete', groupManagement, 5],
  ['group.application_assignment.add', groupManagement, 1],
  ['group.application_assignment.remove', groupManagement, 2],
  ['group', groupManagement, other],
  ['iam.resourceset.bindings.add', userAccess, 1],
  ['iam.resourceset.bindings.delete', userAccess, 2],
  ['application.user_membership.add', userAccess, 1],
  ['application.user_membership.remove', userAccess, 2],
  ['application.user_membership', userAccess, other],
  ['app.oauth2.client.privilege.grant', userAccess, 1],
  ['app.oauth2.client.privilege.revoke', userAccess, 2],
  ['app.oauth2.admin.consent.grant', userAccess, 1],
  ['app.oauth2.admin.consent.revoke', userAccess, 2],
  ['app.oauth2.client', entityManagement, 0],
  ['app.oauth2.as', apiActivity, 0],
  ['app.oauth2', apiActivity, 0],
  ['app.user_management', accountChange, other],
];

/** Nouns whose events are about things rather than people: system, policy, application, zone, iam … */
const things =
  /^(system|policy|application|zone|iam|device|workflows|certification|pam|event_hook|inline_hook|org|app)\./;

/** What the last word of an event type says was done, in class 3004 and in class 6003. */
const entityVerbs: readonly (readonly [RegExp, number])[] = [
  [/^(create|add|grant|initiate|register|import|issue)$/, 1],
  [/^(delete|remove|revoke|deleted)$/, 4],
  [/^(activate|enable|resume)$/, 10],
  [/^(deactivate|disable|suspend)$/, 11],
  [/^(read|view|list|reveal|show_password|export)$/, 2],
  [/(update|change|edit|modify|rotate|reset)/, 3],
];
const apiVerbs: readonly (readonly [RegExp, number])[] = [
  [/^(create|add|grant|register|issue)$/, 1],
  [/^(read|view|list|introspect)$/, 2],
  [/(update|change|rotate)/, 3],
  [/^(delete|remove|revoke)$/, 4],
];

const verbOf = (verbs: readonly (readonly [RegExp, number])[], eventType: string): number => {
  const last = eventType.slice(eventType.lastIndexOf('.') + 1);
  return verbs.find(([pattern]) => pattern.test(last))?.[1] ?? other;
};

const classify = (eventType: string): OcsfEvent => {
  const found = prefixes.find(
    ([prefix]) => eventType === prefix || eventType.startsWith(`${prefix}.`) || eventType.startsWith(`${prefix}_`),
  );
  const classUid = found?.[1] ?? (things.test(eventType) ? entityManagement : apiActivity);
  const activityId = found?.[2] ?? 0;
  if (activityId !== 0) return { classUid, activityId };
  return { classUid, activityId: verbOf(classUid === entityManagement ? entityVerbs : apiVerbs, eventType) };
};

/** Okta has about a thousand event types; each is looked up once. A type made up by someone cannot fill the memory. */
const known = new Map<string, OcsfEvent>();
const most = 5_000;

export const ocsfOf = (eventType: string): OcsfEvent => {
  const found = known.get(eventType) ?? classify(eventType);
  if (known.size < most) known.set(eventType, found);
  return found;
};
