import type { Database } from '@gatehouse/database';
import type { FastifyRequest } from 'fastify';
import { Problem, problems } from '../problem.ts';
import type { Auth } from './auth.ts';
import { signedInPerson } from './identify.ts';
import { beginAttempt, useCodeOnce } from './lock-out.ts';
import { findPeople } from './people.ts';

/**
 * Proof that the person of this request has their authenticator app at hand now, for what takes more than to be signed
 * in. Wrong codes are counted like wrong passwords, and a code is good once.
 * @throws Problem 403 for API keys, and for people without an authenticator app; 422 for a wrong code; 429
 */
export const proveSecondFactor = async (
  { auth, database }: { readonly auth: () => Auth; readonly database: Database },
  request: FastifyRequest,
  code: string,
): Promise<void> => {
  const personId = signedInPerson(request);
  const [person] = await database.system((tx) => findPeople(tx, [personId]));
  if (!person?.authenticator)
    throw problems.forbidden('Set up an authenticator app under your name first; this takes a code of it.');
  const attempt = await beginAttempt(database, person.email, request.ip);
  const answer = await auth().api.verifyTOTP({
    body: { code },
    headers: new Headers({ cookie: request.headers.cookie ?? '' }),
    asResponse: true,
  });
  if (!answer.ok || !(await useCodeOnce(database, personId, code))) throw wrongCode();
  await attempt.succeeded();
};

const wrongCode = () => {
  const message = 'The code is wrong, or was used already. Enter the one that the app shows now.';
  return new Problem(422, 'unusable', 'This cannot be done', message, { errors: [{ field: 'code', message }] });
};
