import type { Json } from '@gatehouse/kernel';
import { at, flagAt, type Identified, isActive, listAt, numberAt, textAt, textsAt } from './shapes.ts';

/**
 * One rule of a policy, as rules of Gatehouse read it:
 *
 * | name | what |
 * |---|---|
 * | id, name, priority, enabled, system | the rule; null: not told |
 * | access | ALLOW, DENY, CHALLENGE; null where the type has no such word |
 * | usersInclude, usersExclude, groupsInclude, groupsExclude | whom it is for |
 * | networkConnection, networkInclude, networkExclude | ANYWHERE, ZONE, ON_NETWORK, OFF_NETWORK and zones |
 * | riskLevel | the level it waits for, ANY or null |
 * | **sign_on** | |
 * | requireFactor | a second factor is asked for |
 * | primaryFactor | PASSWORD_IDP, PASSWORD_IDP_ANY_FACTOR |
 * | factorPromptMode | ALWAYS, DEVICE, SESSION |
 * | maxSessionIdleMinutes, maxSessionLifetimeMinutes | 0 is no limit; null: not told |
 * | persistentCookie | the session outlives the browser |
 * | **access** | |
 * | factorMode | 1FA, 2FA; null for chains, which say it by their steps |
 * | verificationType | ASSURANCE, AUTH_METHOD_CHAIN, ID_PROOFING |
 * | oneFactor | it lets people in with a single factor |
 * | phishingResistant | every way through it is phishing resistant; null when that cannot be told |
 * | reauthenticateIn, inactivityPeriod | ISO 8601 durations |
 * | **mfa_enroll** | enroll: when people must enrol (LOGIN, CHALLENGE, NEVER) |
 * | **password** | passwordReset, selfServiceUnlock: ALLOW or DENY |
 */
export const toRuleSettings = (rule: Identified): Json => {
  const { conditions, actions } = rule;
  const signon = at(actions, 'signon');
  const appSignOn = at(actions, 'appSignOn');
  const method = at(appSignOn, 'verificationMethod');
  const access =
    textAt(appSignOn, 'access') ?? textAt(signon, 'access') ?? textAt(actions, 'profileEnrollment', 'access');
  return {
    id: rule.id,
    name: textAt(rule, 'name'),
    priority: numberAt(rule, 'priority'),
    enabled: isActive(rule),
    system: flagAt(rule, 'system'),
    access,
    usersInclude: textsAt(conditions, 'people', 'users', 'include'),
    usersExclude: textsAt(conditions, 'people', 'users', 'exclude'),
    groupsInclude: textsAt(conditions, 'people', 'groups', 'include'),
    groupsExclude: textsAt(conditions, 'people', 'groups', 'exclude'),
    networkConnection: textAt(conditions, 'network', 'connection'),
    networkInclude: textsAt(conditions, 'network', 'include'),
    networkExclude: textsAt(conditions, 'network', 'exclude'),
    riskLevel: textAt(conditions, 'riskScore', 'level') ?? textAt(conditions, 'risk', 'level'),
    requireFactor: flagAt(signon, 'requireFactor'),
    primaryFactor: textAt(signon, 'primaryFactor'),
    factorPromptMode: textAt(signon, 'factorPromptMode'),
    maxSessionIdleMinutes: numberAt(signon, 'session', 'maxSessionIdleMinutes'),
    maxSessionLifetimeMinutes: numberAt(signon, 'session', 'maxSessionLifetimeMinutes'),
    persistentCookie: flagAt(signon, 'session', 'usePersistentCookie'),
    factorMode: textAt(method, 'factorMode'),
    verificationType: textAt(method, 'type'),
    oneFactor: access === 'ALLOW' ? allowsOneFactor(method) : null,
    phishingResistant: access === 'ALLOW' ? isPhishingResistant(method) : null,
    reauthenticateIn: textAt(method, 'reauthenticateIn'),
    inactivityPeriod: textAt(method, 'inactivityPeriod'),
    enroll: textAt(actions, 'enroll', 'self'),
    passwordReset: textAt(actions, 'selfServicePasswordReset', 'access'),
    selfServiceUnlock: textAt(actions, 'selfServiceUnlock', 'access'),
  };
};

const allowsOneFactor = (method: unknown): boolean | null => {
  const mode = textAt(method, 'factorMode');
  if (mode !== null) return mode === '1FA';
  const chains = listAt(method, 'chains');
  return chains.length === 0 ? null : chains.some((chain) => listAt(chain, 'next').length === 0);
};

/**
 * Constraints are alternatives: one of them is enough, so all of them must be resistant. Without constraints any
 * authenticator will do.
 */
const isPhishingResistant = (method: unknown): boolean | null => {
  const type = textAt(method, 'type');
  if (type === 'ASSURANCE') {
    const constraints = listAt(method, 'constraints');
    return constraints.length > 0 && constraints.every(isResistantConstraint);
  }
  if (type !== 'AUTH_METHOD_CHAIN') return null;
  const chains = listAt(method, 'chains');
  return chains.length > 0 && chains.every(isResistantChain);
};

const isResistantConstraint = (constraint: unknown): boolean => {
  const possession = at(constraint, 'possession');
  if (textAt(possession, 'phishingResistant') === 'REQUIRED') return true;
  const named = [...listAt(possession, 'authenticationMethods')];
  return named.length > 0 && named.every(isResistantMethod);
};

/** A chain asks for one of its methods, then goes on: one step that only resistant methods pass is enough. */
const isResistantChain = (chain: unknown, depth = 0): boolean => {
  const here = listAt(chain, 'authenticationMethods');
  if (here.length > 0 && here.every(isResistantMethod)) return true;
  const next = listAt(chain, 'next');
  // Okta allows a handful of steps; the bound only keeps a strange answer from exhausting the stack.
  return depth < 20 && next.length > 0 && next.every((step) => isResistantChain(step, depth + 1));
};

const isResistantMethod = (method: unknown): boolean =>
  textAt(method, 'phishingResistant') === 'REQUIRED' || resistant.has(textAt(method, 'method') ?? '');

const resistant = new Set(['webauthn', 'signed_nonce', 'cert']);
