import { type Explanation, type Refusal, statusOf } from '@gatehouse/host';
import { toFault } from '@gatehouse/kernel';
import { grantAdvice, roleAdvice } from './scopes.ts';
import { textAt } from './shapes.ts';

/** Okta's refusals in words for the customer. What is not told here keeps the words of the host. */
export const explain = (refusal: Refusal): Explanation | undefined => {
  const { status, headers, path } = refusal;
  const code = textAt(refusal.body, 'errorCode');
  if (code !== null && absent.has(code)) return { kind: 'forbidden', advice: absentAdvice };
  if (status === 401) {
    return {
      kind: 'unauthorized',
      advice:
        'Okta no longer accepts the token of the app. Check that the app is active in Okta and that its key was not removed; the next run asks for a new token.',
    };
  }
  if (status === 403 && headers.get('retry-after') === null) {
    return { kind: 'forbidden', advice: lacksScope(refusal) ? scopeAdvice(path) : roleAdvice(path) };
  }
  return undefined;
};

/** E0000015: the feature is not part of the organisation. E0000022: the endpoint does not exist in it. */
const absent = new Set(['E0000015', 'E0000022']);

const absentAdvice =
  'Okta says that this organisation does not have the feature, or that the app may not use it. If you do not use it, nothing is missing.';

/**
 * The refusal says that the organisation does not have this at all. Only Okta's own codes count, because taking another
 * refusal for it would empty a list that cannot be read at this moment.
 */
export const isAbsent = (error: unknown): boolean =>
  (statusOf(error) === 401 || statusOf(error) === 405) && toFault(error).kind === 'forbidden';

/** RFC 6750, 3.1: the token is good, its scopes are not enough. */
const lacksScope = ({ headers }: Refusal) => /insufficient_scope/.test(headers.get('www-authenticate') ?? '');

const scopeAdvice = (path: string) => grantAdvice([scopeFor(path)]);

const scopeFor = (path: string): string => {
  if (/\/iam\/|\/roles(\/|$)/.test(path)) return 'okta.roles.read';
  if (/\/apps\/[^/]+\/grants/.test(path)) return 'okta.appGrants.read';
  const noun = /^\/api\/v1\/([^/?]+)/.exec(path)?.[1] ?? 'users';
  return `okta.${{ 'api-tokens': 'apiTokens', zones: 'networkZones' }[noun] ?? noun}.read`;
};
