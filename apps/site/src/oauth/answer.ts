import type { Reply } from '@gatehouse/server';
import { limits, type Use } from './limits.ts';
import type { OAuthError } from './oauth-error.ts';

export const sendOAuthError = (reply: Reply, error: OAuthError) => {
  if (error.retryAfterSeconds !== null) reply.header('retry-after', error.retryAfterSeconds);
  if (error.status === 401)
    reply.header('www-authenticate', error.word === 'invalid_client' ? 'Basic realm="site"' : 'Bearer realm="site"');
  return reply
    .code(error.status)
    .type('application/json')
    .send(JSON.stringify({ error: error.word, message: error.message }));
};

export const tellLimits = (reply: Reply, use: Use): void => {
  reply.header('x-ratelimit-limit', limits.inHour).header('x-ratelimit-remaining', use.remaining);
};
