import { z } from 'zod';
import type { SignedIn } from '../sign-in/index.ts';
import { type Asked, actAs, admit, logOut, performAs } from './callers.ts';
import { checkOutOperations } from './check-outs.ts';
import { parseBody } from './failures.ts';
import { jobOperations } from './jobs.ts';
import { listingOperations } from './listing.ts';
import { LoginBody, logIn } from './log-in.ts';
import { comment, required } from './members.ts';
import {
  answerOf,
  Done,
  done,
  doneShape,
  type Operation,
  type SdkAnswer,
  type SdkParts,
  UtcTime,
} from './operation.ts';
import { requestOperations } from './requests.ts';
import { setOperations } from './sets.ts';
import { storeOperation } from './store-credential.ts';

/** What a client may ask for, on whichever face: an operation, or to log in or out. */
export interface Action {
  readonly name: string;
  readonly summary: string;
  /** Beside the token, which every action but a log-in takes. */
  readonly body: z.ZodType;
  readonly answer: z.ZodType;
  readonly isLogIn: boolean;
  /** @throws Refusal, Fault */
  ask(asked: Asked): Promise<SdkAnswer>;
}

/** Everything that the web services do. */
export const actionsOf = (parts: SdkParts): readonly Action[] => [
  {
    ...{ name: 'DoLogin', summary: 'Log in', body: LoginBody, answer: z.string(), isLogIn: true },
    ask: async (asked) => (await openSession(parts, asked)).token.reveal(),
  },
  {
    ...{ name: 'DoLogin2', summary: 'Log in', body: LoginBody, answer: LoggedIn, isLogIn: true },
    ask: async (asked) => toToken(await openSession(parts, asked)),
  },
  {
    ...{ name: 'DoLogout', summary: 'Log out', body: z.object({}), answer: Done, isLogIn: false },
    ask: async (asked) => {
      await logOut(parts, asked);
      return done;
    },
  },
  {
    ...{
      name: 'DoImpersonate',
      summary: 'Act for somebody else',
      body: Impersonation,
      answer: LoggedIn,
      isLogIn: false,
    },
    ask: async (asked) => {
      // What is missing is told to those alone who have a token; an empty name is nobody's.
      const { IdentityName, Comment } = Impersonation.safeParse(asked.body).data ?? { IdentityName: '', Comment: '' };
      return toToken(await actAs(parts, asked, { name: IdentityName, comment: Comment }));
    },
  },
  ...operationsOf(parts).map((operation) => ({
    ...{ name: operation.name, summary: operation.summary, body: operation.body, answer: operation.answer },
    ...{ isLogIn: false, ask: (asked: Asked) => performAs(parts, asked, operation) },
  })),
];

const Impersonation = z.object({ IdentityName: required(), Comment: comment });
const LoggedIn = answerOf('LoginResult', { ...doneShape, OperationMessage: z.string(), ExpiresUTC: UtcTime });

/** Every operation that takes a token. */
const operationsOf = ({ jobs }: SdkParts): readonly Operation[] => [
  ...checkOutOperations(jobs),
  ...listingOperations,
  storeOperation,
  ...setOperations,
  ...requestOperations,
  ...jobOperations(jobs),
];

const openSession = async (parts: SdkParts, asked: Asked): Promise<SignedIn> => {
  const origin = await parts.vault.database.system((tx) => admit(tx, parts, asked));
  return logIn(parts, parseBody(LoginBody, asked.body), origin);
};

const toToken = ({ token, expiresAt }: SignedIn) => ({
  ...{ ...done, OperationMessage: token.reveal(), ExpiresUTC: expiresAt.toISOString() },
});
