import { createHost } from '@gatehouse/host';
import { Fault } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { wordsOf } from '../credentials/index.ts';
import { type ChangeOrder, type ChangeParts, platformOf } from './change-parts.ts';
import { firstUseOf, openTarget } from './target-system.ts';

/** Signs in with the current secret to see whether it works, and writes down what came of it. @throws Fault */
export const verifySecret = async (
  parts: ChangeParts,
  { credentialId, author, signal }: ChangeOrder,
): Promise<boolean> => {
  const { database, clock, envelope, audit } = parts;
  const target = await database.system((tx) => openTarget(tx, envelope, credentialId, firstUseOf(parts, author)));
  if (target.current === null)
    throw new Fault('misconfigured', 'There is nothing to verify: no password of this credential is stored.');
  const host = createHost({ signal, clock, attempts: 1 });
  const works = await platformOf(parts, target).verify(target.system, target.account, target.current, { host });
  await database.system(async (tx) => {
    await sql`update credentials set is_verified = ${works}, verified_at = ${clock.now()}
      where credential_id = ${credentialId} and secret_id = ${target.credential.secretId}`.execute(tx);
    await audit.write(tx, author, {
      ...{ event: 'EVENT_ID_PASSWORD_VERIFIED', target: target.credential.systemName, succeeded: works },
      message: `password for ${wordsOf(target.credential)} ${works ? 'works' : 'is refused'}`,
    });
  });
  return works;
};
