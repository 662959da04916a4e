import { newId, Secret } from '@gatehouse/kernel';
import { z } from 'zod';
import {
  type CredentialType,
  describeCredential,
  ensureCredential,
  refuseSecret,
  type SystemKind,
  setMember,
  storeGiven,
  wordsOf,
} from '../credentials/index.ts';
import { Refusal } from '../refusal.ts';
import { comment, flag, optional, required } from './members.ts';
import { Done, defineOperation, done, type Operation } from './operation.ts';
import { getSet, getSystem, mustHaveAllAccess } from './sets.ts';

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
  answer: Done,
  perform: async (call, body) => {
    const { tx, parts, acting } = call;
    await mustHaveAllAccess(tx, acting);
    const at = parts.clock.now();
    const set = body.AssociatedGroup === '' ? null : await getSet(call, body.AssociatedGroup);
    const { kind, type, namespace } = kindOf(body);
    const { SystemName, AccountName, InstanceName, Comment, AssetTag, Password } = body;
    const refused = refuseSecret(type, Password);
    if (refused !== null) throw new Refusal('invalid', `Password: ${refused}`);
    const systemId = await getSystem(call, { name: SystemName, kind, namespace });
    if (set !== null) await setMember(tx, set.setId, systemId, true);
    const described = { comment: Comment, assetTag: AssetTag };
    const credentialId = await ensureCredential(
      tx,
      {
        ...{ credentialId: newId<string>(at.getTime()), systemId, namespace, accountName: AccountName, type },
        ...{ instanceName: InstanceName, policyId: null, autoSpin: false, ...described },
      },
      at,
    );
    if (credentialId === null)
      throw new Refusal('conflict', 'AccountName: this account was taken away at this moment.');
    // What is there keeps its settings, unless they are to be overwritten.
    if (body.OverwriteSettings) await describeCredential(tx, { credentialId, ...described });
    await storeGiven(tx, parts.envelope, { credentialId, secret: Password, isRandom: false }, at);
    const words = wordsOf({ systemName: SystemName, namespace, accountName: AccountName });
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
  '[sqlserver]': { kind: 'sqlserver', type: 'sqlserver' },
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
