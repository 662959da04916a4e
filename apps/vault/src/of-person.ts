import { Problem, problems } from '@gatehouse/server';
import type { Acting } from './acting.ts';
import { authorOf, type Sender } from './change.ts';
import type { VaultParts } from './parts.ts';
import { Refusal, refusals } from './refusal.ts';
import { actorOfPerson } from './sign-in/index.ts';

/** Whoever is signed in to the pages, as their identity. @throws Problem 403 where no identity is linked with them */
export const actingOf = async (parts: VaultParts, sender: Sender): Promise<Acting> => {
  const actor = await actorOfPerson(parts, sender.principal);
  if (actor === null)
    throw problems.forbidden('No identity of the vault is linked with you. An administrator can link one.');
  return { actor, by: authorOf(sender) };
};

/** What the vault refuses, as pages are told it. */
export const telling = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    throw error instanceof Refusal ? toProblem(error) : error;
  }
};

const toProblem = ({ code, message, members }: Refusal): Problem => {
  if (code === 'not_found') return problems.notFound();
  return new Problem(refusals[code], code.replaceAll('_', '-'), titles[code] ?? 'Not done', message, { members });
};

const titles: Readonly<Record<string, string>> = {
  ...{ not_permitted: 'Not allowed', checked_out: 'Checked out', approval_needed: 'Approval needed' },
};
