import { newId, Secret } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { z } from 'zod';
import { type CredentialType, type SystemKind, storeSecret, wordsOf } from '../credentials/index.ts';
import { Refusal } from '../refusal.ts';
import { comment, flag, optional, required } from './members.ts';
import { type Call, defineOperation, done, type Operation } from './operation.ts';
import { ensureSystem, getSet, mustHaveAllAccess } from './sets.ts';

const Body = z.object({
  ...{ SystemName: required(), Namespace: optional(), AccountName: required(), InstanceName: optional() },
  Password: z
    .string('must be a text')
    .min(1, 'is missing')
    .max(20_000, 'may have 20000 characters at most')
    .transform((text) => new Secret(text)),
  ...{ AssociatedGroup: optional(), AssetTag: optional(), Comment: comment, OverwriteSettings: flag },
});
type Body = z.output<typeof Body>;

/** Stores a password that somebody else has set. */
export const storeOperation: Operation = defineOperation({
  name: 'AccountStoreOps_StoredCredential_Store',
  summary: 'Store the password of an account',
  body: Body,
  perform: async (call, body) => {
    const { tx, parts, acting } = call;
    await mustHaveAllAccess(tx, acting);
    const at = parts.clock.now();
    const set = body.AssociatedGroup === '' ? null : await getSet(call, body.AssociatedGroup);
    const { kind, type, namespace } = kindOf(body);
    const domain = kind === 'domain' ? namespace : null;
    const systemId = await ensureSystem(tx, { name: body.SystemName, kind, domain, at });
    if (set !== null)
      await sql`insert into set_systems (set_id, system_id) values (${set.setId}, ${systemId}) on conflict do nothing`.execute(
        tx,
      );
    const credentialId = await ensureCredential(call, { systemId, namespace, type, body });
    await storeSecret(tx, parts.envelope, { credentialId, secret: body.Password, at, isVerified: null });
    const words = wordsOf({ systemName: body.SystemName, namespace, accountName: body.AccountName });
    await parts.audit.write(tx, acting.by, {
      ...{ event: 'EVENT_ID_PASSWORD_STORED', target: words, message: `stored password for ${words}` },
      arguments: { comment: body.Comment },
    });
    return done;
  },
});

const bracketed: Readonly<Record<string, { readonly kind: SystemKind; readonly type: CredentialType }>> = {
  '[linux]': { kind: 'linux', type: 'linux' },
  '[postgresql]': { kind: 'postgresql', type: 'postgresql' },
  '[mysql]': { kind: 'mysql', type: 'mysql' },
};

/** The namespace says what it is: in brackets a kind, the name of the system a Windows computer, another name a domain. */
const kindOf = ({ Namespace, SystemName }: Body) => {
  const namespace = Namespace === '' ? SystemName : Namespace;
  const known = bracketed[namespace.toLowerCase()];
  if (known) return { ...known, namespace };
  if (/^\[.+\]$/.test(namespace)) return { kind: 'other', type: 'custom', namespace } as const;
  const isComputer = namespace.toLowerCase() === SystemName.toLowerCase();
  return { kind: isComputer ? 'windows' : 'domain', type: 'windows', namespace } as const;
};

/** Held until the transaction ends. What is there keeps its settings, unless they are to be overwritten. */
const ensureCredential = async (
  { tx, parts }: Call,
  of: { readonly systemId: string; readonly namespace: string; readonly type: CredentialType; readonly body: Body },
): Promise<string> => {
  const { systemId, namespace, type, body } = of;
  const { AccountName, InstanceName, Comment, AssetTag, OverwriteSettings } = body;
  await sql`
    insert into credentials (credential_id, system_id, namespace, account_name, instance_name, type, is_random, auto_spin,
      comment, asset_tag, created_at)
    values (${newId()}, ${systemId}, ${namespace}, ${AccountName}, ${InstanceName}, ${type}, false, false, ${Comment},
      ${AssetTag}, ${parts.clock.now()}) on conflict do nothing`.execute(tx);
  const { rows } = await sql<{ id: string }>`
    select credential_id as id from credentials
    where system_id = ${systemId} and lower(namespace) = lower(${namespace}) and lower(account_name) = lower(${AccountName})
      and lower(instance_name) = lower(${InstanceName}) and type <> 'ssh_key' for no key update`.execute(tx);
  const [found] = rows;
  if (found === undefined) throw new Refusal('conflict', 'AccountName: this account was taken away at this moment.');
  if (OverwriteSettings)
    await sql`update credentials set comment = ${Comment}, asset_tag = ${AssetTag} where credential_id = ${found.id}`.execute(
      tx,
    );
  return found.id;
};
