import { createHost } from '@gatehouse/host';
import { Fault } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { wordsOf } from '../credentials/index.ts';
import type { ChangeOrder, ChangeParts } from './change-parts.ts';
import { firstUseOf, openTarget } from './target-system.ts';

/** Signs in with the current secret to see whether it works, and writes down what came of it. @throws Fault */
export const verifySecret = async (
  parts: ChangeParts,
  { credentialId, author, signal }: ChangeOrder,
): Promise<boolean> => {
  const { database, clock, envelope, audit, platforms } = parts;
  const { target, platform } = await database.system(async (tx) => {
    const opened = await openTarget(tx, envelope, credentialId, firstUseOf(parts, author));
    return { target: opened, platform: platforms.get(opened.platform) };
  });
  if (target.current === null || platform === undefined)
    throw new Fault('misconfigured', 'There is nothing to verify: no password of this credential is stored.');
  const host = createHost({ signal, clock, attempts: 1 });
  const works = await platform.verify(target.system, target.account, target.current, { host });
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
