import type { Sql } from '@gatehouse/database';
import type { Acting } from '../acting.ts';
import { Refusal } from '../refusal.ts';
import { endToken, holderOf, impersonate, type SignedIn } from '../sign-in/index.ts';
import { parseBody } from './failures.ts';
import type { Origin } from './log-in.ts';
import type { Operation, SdkAnswer, SdkParts } from './operation.ts';
import { registrationOf } from './registrations.ts';

/** A request as it came in. */
export interface Asked {
  /** Of a registration; null: none was sent. */
  readonly key: string | null;
  /** Null: none was sent. */
  readonly token: string | null;
  readonly address: string;
  readonly correlationId: string;
  readonly body: unknown;
}

/** Where it comes from, once its registration was found to be good. @throws Refusal `not_permitted` */
export const admit = (tx: Sql, { vault }: SdkParts, { key, address, correlationId }: Asked): Promise<Origin> =>
  registrationOf(tx, { key, address, now: vault.clock.now() }).then((registrationId) => ({
    ...{ registrationId, address, correlationId },
  }));

/** Performs an operation for whoever the token is of, in one transaction. What was refused is written down. */
export const performAs = async (parts: SdkParts, asked: Asked, operation: Operation): Promise<SdkAnswer> => {
  const { vault } = parts;
  let known: Acting | null = null;
  try {
    return await vault.database.system(async (tx) => {
      const acting = await actingOf(tx, parts, asked);
      known = acting;
      // Only then: who may not call learns nothing about what is asked of a body.
      return operation.perform({ tx, parts: vault, acting }, parseBody(operation.body, asked.body));
    });
  } catch (error) {
    if (known !== null && error instanceof Refusal && error.code === 'not_permitted')
      await noteRefusal(parts, known, operation.name, error);
    throw error;
  }
};

/** Who the token is of. @throws Refusal `not_permitted`, `not_signed_in` */
const actingOf = async (tx: Sql, parts: SdkParts, asked: Asked): Promise<Acting> => {
  const [{ registrationId, address, correlationId }, holder] = await Promise.all([
    admit(tx, parts, asked),
    asked.token === null ? null : holderOf(tx, asked.token, parts.vault.clock.now()),
  ]);
  // A token is good with the registration that it was made with: a stolen one opens nothing elsewhere.
  if (holder === null || holder.registrationId !== registrationId)
    throw new Refusal('not_signed_in', 'The token is not known, or has ended. Log in again.');
  const { actor } = holder;
  const impersonator = actor.impersonator?.name ?? null;
  return { actor, by: { name: actor.identity.name, impersonator, address, through: 'sdk', correlationId } };
};

const noteRefusal = ({ vault }: SdkParts, { by }: Acting, operation: string, { message }: Refusal): Promise<void> =>
  vault.database.system((tx) =>
    vault.audit.write(tx, by, {
      ...{ event: 'EVENT_ID_ACCESS_REFUSED', target: operation, succeeded: false, message },
    }),
  );

/** A token that acts as somebody else. @throws Refusal */
export const actAs = async (
  parts: SdkParts,
  asked: Asked,
  of: { readonly name: string; readonly comment: string },
): Promise<SignedIn> => {
  const { acting, origin } = await parts.vault.database.system(async (tx) => ({
    acting: await actingOf(tx, parts, asked),
    origin: await admit(tx, parts, asked),
  }));
  return impersonate(parts.vault, acting.actor, { ...of, ...origin });
};

/** Ends a token. One that has ended already is a success, too. @throws Refusal `not_permitted` */
export const logOut = (parts: SdkParts, asked: Asked): Promise<void> =>
  parts.vault.database.system(async (tx) => {
    await admit(tx, parts, asked);
    const acting = await actingOf(tx, parts, asked).catch((error: unknown) => {
      if (error instanceof Refusal && error.code === 'not_signed_in') return null;
      throw error;
    });
    if (acting === null || asked.token === null) return;
    await endToken(tx, asked.token);
    const { name } = acting.actor.identity;
    await parts.vault.audit.write(tx, acting.by, {
      ...{ event: 'EVENT_ID_WEBAPP_LOGOUT', target: name, message: `${name} logged out` },
    });
  });
