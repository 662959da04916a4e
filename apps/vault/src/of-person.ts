import { Problem, problems } from '@gatehouse/server';
import type { Acting } from './acting.ts';
import { authorOf, type Sender } from './change.ts';
import type { VaultParts } from './parts.ts';
import { Refusal, refusals } from './refusal.ts';
import { actorOfIdentity, actorOfPerson } from './sign-in/index.ts';

/**
 * Whoever is signed in, as their identity. The command line of this machine is nobody's identity: it says in whose name it
 * acts, whose rights decide then, and the audit has both. @throws Problem 403 where there is no such identity
 */
export const actingOf = async (parts: VaultParts, sender: Sender, identityId?: string): Promise<Acting> => {
  const { principal } = sender;
  const by = authorOf(sender);
  if (principal.kind === 'operator') {
    const actor = identityId === undefined ? null : await actorOfIdentity(parts, identityId);
    if (actor === null) throw problems.forbidden('Say in whose name, with --identity: an identity that is enabled.');
    return { actor, by: { ...by, name: actor.identity.name, impersonator: principal.name } };
  }
  if (identityId !== undefined)
    throw problems.forbidden('Only the command line of the vault’s own machine acts in the name of others.');
  const actor = await actorOfPerson(parts, principal);
  if (actor === null)
    throw problems.forbidden('No identity of the vault is linked with you. An administrator can link one.');
  return { actor, by };
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
