import { type FieldError, Problem, problems } from '@gatehouse/server';
import type { z } from 'zod';
import type { Conditions, JoinInput } from '../api/console.ts';

/** What a person says before a session begins. */
export type Said = z.output<typeof JoinInput>;

/**
 * Proves the code where one is asked for. That takes a while and is written down by itself, so it is done before the
 * transaction in which the session begins. Resolves with what counts in there: a code only where it was proved.
 * @throws Problem as `refuseMissing`, and where the code is not the person's
 */
export const proveSaid = async (
  conditions: Conditions,
  { reason, ticket, code }: Said,
  /** @throws Problem */
  proveCode: (code: string) => Promise<void>,
): Promise<Said> => {
  refuseMissing(conditions, { reason, ticket, code });
  if (!conditions.secondFactorRequired) return { reason, ticket, code: '' };
  await proveCode(code);
  return { reason, ticket, code };
};

/** @throws Problem for what the conditions ask for and was not said, and where an approval is missing */
export const refuseMissing = (conditions: Conditions, { reason, ticket, code }: Said): void => {
  const errors: FieldError[] = [];
  if (conditions.reasonRequired && reason === '') errors.push({ field: 'reason', message: 'Say what it is for.' });
  if (conditions.ticketRequired && ticket === '') errors.push({ field: 'ticket', message: 'Enter the ticket id.' });
  if (conditions.secondFactorRequired && code === '')
    errors.push({ field: 'code', message: 'Enter the code that your authenticator app shows.' });
  if (errors.length > 0) throw problems.invalid(errors);
  const { state } = conditions.approval;
  if (state !== 'not-needed' && state !== 'approved')
    throw new Problem(403, 'approval-needed', 'Approval is needed first', approvalWords[state]);
};

const approvalWords = {
  needed: 'Somebody has to approve sessions with this endpoint. Ask for it first.',
  waiting: 'Your request was not decided yet.',
  denied: 'Your request was denied. You may ask again.',
} as const;
