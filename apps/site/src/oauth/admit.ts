import type { Database } from '@gatehouse/database';
import type { Clock } from '@gatehouse/kernel';
import type { Reply, Request } from '@gatehouse/server';
import { tellLimits } from './answer.ts';
import { type Caller, identifyAccount } from './identify.ts';

/**
 * Who calls, found before a body is read, with the limits in the headers of the answer. Null: it was answered, because
 * there were too many requests. @throws OAuthError
 */
export const admitProgram = async (
  parts: { readonly database: Database; readonly clock: Clock },
  request: Request,
  reply: Reply,
): Promise<Caller | null> => {
  const caller = await identifyAccount(parts, request.headers.authorization, request.ip);
  tellLimits(reply, caller.use);
  const seconds = caller.use.retryAfterSeconds;
  if (seconds === null) return caller;
  reply.header('retry-after', seconds);
  reply.code(429).send({ message: `Too many requests. Try again in ${seconds} seconds.` });
  return null;
};
