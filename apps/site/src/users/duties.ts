import type { Database } from '@gatehouse/database';
import type { Clock, PersonId } from '@gatehouse/kernel';
import { type App, Problem } from '@gatehouse/server';
import { sql } from 'kysely';

/** What everybody may do before they did what their account asks of them: find out, do it, and leave. */
const open = /^\/api\/(auth\/|session$|me(\/|$)|welcome)/;

/**
 * Keeps people out of everything else until they chose the password, or set up the second step, that an administrator
 * asked for. To be called before routes are added.
 */
export const askDuties = (
  app: App,
  { database, clock }: { readonly database: Database; readonly clock: Clock },
): void => {
  app.addHook('preParsing', async (request) => {
    const { caller } = request;
    const url = request.routeOptions.url ?? '';
    if (caller?.kind !== 'person' || !url.startsWith('/api/') || open.test(url)) return;
    const duty = await findDuty(database, caller.personId, clock.now());
    if (duty !== null) throw duty;
  });
};

const findDuty = async (database: Database, personId: PersonId, now: Date): Promise<Problem | null> => {
  const { rows } = await database.system((tx) =>
    sql<{ password: boolean; secondStep: boolean }>`
      select u.password_reset_next_login or coalesce(u.password_expiration < ${now}, false) as password,
        u.two_factor_required and not p.two_factor_enabled
          and not exists (select from passkeys k where k.person_id = p.id) as "secondStep"
      from users u join people p on p.id = u.person_id where p.id = ${personId}`.execute(tx),
  );
  const duty = rows[0];
  if (duty?.password)
    return new Problem(403, 'new-password-first', 'Choose a new password first', 'Change your password to go on.');
  if (duty?.secondStep)
    return new Problem(
      403,
      'second-step-first',
      'Set up a second step first',
      'Your account needs an authenticator app or a passkey to go on.',
    );
  return null;
};
