import { z } from 'zod';
import { Refusal } from '../refusal.ts';
import { askForPassword, decideRequest, getRequest, type PasswordRequest } from '../requests/index.ts';
import { comment, leaseId, optional, required, wholeNumber } from './members.ts';
import { findNamed, flatNaming, toNaming } from './naming.ts';
import { answerOf, defineOperation, done, doneShape, type Operation } from './operation.ts';

/** Another text than an id names nothing, as an unknown id does. */
const PasswordRequestID = required(100).transform((text) => z.uuid().safeParse(text).data ?? nobodys);
const nobodys = '00000000-0000-0000-0000-000000000000';
const Decision = z.object({ PasswordRequestID, Comment: comment });
const State = answerOf('PasswordRequest', { ...doneShape, PasswordRequestID: z.string(), State: z.string() });

const stateOf = ({ requestId, state }: PasswordRequest) => ({
  ...{ ...done, PasswordRequestID: requestId, State: `${state.slice(0, 1).toUpperCase()}${state.slice(1)}` },
});

const decide = (name: string, summary: string, state: 'granted' | 'denied') =>
  defineOperation({
    ...{ name, summary, body: Decision, answer: State },
    perform: async ({ tx, parts, acting }, body) =>
      stateOf(
        await decideRequest(tx, parts, acting, { requestId: body.PasswordRequestID, state, comment: body.Comment }),
      ),
  });

export const requestOperations: readonly Operation[] = [
  defineOperation({
    name: 'PasswordRequestOps_Create',
    summary: 'Ask for a password',
    body: z.object({
      ...{ ...flatNaming, SharedCredentialListName: optional(), Comment: comment, LeaseID: leaseId },
      Minutes: wholeNumber(1, 10_000_000),
    }),
    answer: State,
    perform: async ({ tx, parts, acting }, body) => {
      if (body.SharedCredentialListName !== '')
        throw new Refusal('invalid', 'SharedCredentialListName: entries of shared lists need no request.');
      const { credential } = await findNamed(tx, acting, toNaming(body));
      const of = {
        credential,
        purpose: 'use',
        leaseId: body.LeaseID,
        comment: body.Comment,
        minutes: body.Minutes,
      } as const;
      return stateOf(await askForPassword(tx, parts, acting, of));
    },
  }),
  defineOperation({
    name: 'PasswordRequestOps_Get',
    summary: 'How a request for a password stands',
    body: z.object({ PasswordRequestID }),
    answer: State,
    perform: async ({ tx, parts, acting }, body) =>
      stateOf((await getRequest(tx, parts, acting, body.PasswordRequestID)).request),
  }),
  decide('PasswordRequestOps_Grant', 'Grant a request for a password', 'granted'),
  decide('PasswordRequestOps_Deny', 'Deny a request for a password', 'denied'),
];
