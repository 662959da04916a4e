import { sql } from 'kysely';
import { z } from 'zod';
import {
  type CheckedOut,
  checkInLease,
  checkOut,
  type Ended,
  endCheckout,
  type ListEntry,
  listCheckouts,
  listUsableEntries,
  nothingThere,
  type Subject,
} from '../checkouts/index.ts';
import { globalRightsOf } from '../delegation/index.ts';
import type { JobDoor } from '../jobs/index.ts';
import { rememberJob } from './lease-jobs.ts';
import { comment, leaseId, optional, part, required, wholeNumber } from './members.ts';
import { AccountIdentificationInfo, credentialTypeOf, findNamed, type Naming, toStoreNaming } from './naming.ts';
import { answerOf, type Call, defineOperation, done, doneShape, type Operation, UtcTime } from './operation.ts';

const SharedCredentialIdentifier = part({
  SharedCredentialListName: required(),
  SystemName: optional(),
  AccountName: required(),
});
type EntryName = z.output<typeof SharedCredentialIdentifier>;

const StoredBody = z.object({ AccountIdentificationInfo, Comment: comment, LeaseID: leaseId });
const SharedBody = z.object({ SharedCredentialIdentifier, Comment: comment, LeaseID: leaseId });
const Minutes = wholeNumber(1, 10_000_000);

/** Everything but the secret. */
const checkoutShape = {
  ...{ AccountName: z.string(), Namespace: z.string(), SystemName: z.string(), InstanceName: z.string() },
  ...{ CredentialType: z.string(), IsRandom: z.boolean(), AutoSpin: z.boolean() },
  ...{ SharedCredentialListName: z.string().optional(), CheckOutID: z.string(), ExpiresUTC: UtcTime },
};
const CheckedOutCredential = answerOf('CheckedOutCredential', {
  ...{ ...doneShape, Password: z.string(), PrivateKey: z.string().optional(), Passphrase: z.string().optional() },
  ...checkoutShape,
});
const CheckedInCredential = answerOf('CheckedInCredential', {
  ...{ ...doneShape, JobID: z.int().optional() },
  ...z.object(checkoutShape).partial().shape,
});

/** Check-out and check-in of accounts of systems, and of entries of shared lists. */
export const checkOutOperations = (jobs: JobDoor): readonly Operation[] => [
  defineOperation({
    name: 'AccountStoreOps_StoredCredential_CheckOut',
    summary: 'Check out the password of an account',
    body: StoredBody.extend({ Minutes }),
    answer: CheckedOutCredential,
    perform: async (call, body) => {
      const { credential } = await findNamed(call.tx, call.acting, toStoreNaming(body.AccountIdentificationInfo));
      return hand(call, { kind: 'stored', credential }, body);
    },
  }),
  defineOperation({
    name: 'AccountStoreOps_StoredCredential_CheckIn',
    summary: 'Check in the password of an account',
    body: StoredBody,
    answer: CheckedInCredential,
    perform: (call, body) => {
      const naming = toStoreNaming(body.AccountIdentificationInfo);
      return takeBack(call, jobs, body.LeaseID, ofAccount(naming));
    },
  }),
  defineOperation({
    name: 'AccountStoreOps_SharedCredential_CheckOut',
    summary: 'Check out the password of an entry of a shared list',
    body: SharedBody.extend({ Minutes }),
    answer: CheckedOutCredential,
    perform: async (call, body) => {
      const { tx, acting } = call;
      const named = ofEntryName(body.SharedCredentialIdentifier);
      const [entry] = await listUsableEntries(tx, acting.actor, await globalRightsOf(tx, acting.actor), named, 1);
      if (entry === undefined) throw nothingThere();
      return hand(call, { kind: 'shared', entry }, body);
    },
  }),
  defineOperation({
    name: 'AccountStoreOps_SharedCredential_CheckIn',
    summary: 'Check in the password of an entry of a shared list',
    body: SharedBody,
    answer: CheckedInCredential,
    perform: (call, body) => {
      const named = sql`exists (select from list_entries e join shared_lists l using (list_id)
        where e.entry_id = o.entry_id and ${ofEntryName(body.SharedCredentialIdentifier)})`;
      return takeBack(call, jobs, body.LeaseID, named);
    },
  }),
];

/** Over `list_entries e` and `shared_lists l`. */
const ofEntryName = ({ SharedCredentialListName, SystemName, AccountName }: EntryName) =>
  sql`lower(l.name) = lower(${SharedCredentialListName}) and lower(e.system_name) = lower(${SystemName})
    and lower(e.account_name) = lower(${AccountName})`;

/** Over `checkouts o`. */
const ofAccount = ({ systemName, namespace, accountName, instanceName }: Naming) =>
  sql`exists (select from credentials c join systems s using (system_id)
    where c.credential_id = o.credential_id and lower(s.name) = lower(${systemName})
      and lower(c.account_name) = lower(${accountName})
      and (${namespace}::text is null or lower(c.namespace) = lower(${namespace}))
      and (${instanceName}::text is null or lower(c.instance_name) = lower(${instanceName})))`;

const hand = async (
  { tx, parts, acting }: Call,
  subject: Subject,
  asked: { readonly Comment: string; readonly Minutes: number | null; readonly LeaseID: string | null },
) => {
  const of = { subject, comment: asked.Comment, minutes: asked.Minutes, leaseId: asked.LeaseID };
  const handed = await checkOut(tx, parts, acting, of);
  return { ...done, ...secretsOf(subject, handed), ...membersOf(subject, handed.checkout) };
};

/** The one place where a secret goes into an answer. */
const secretsOf = (subject: Subject, { secret }: CheckedOut) =>
  subject.kind === 'stored' && subject.credential.type === 'ssh_key'
    ? { Password: '', PrivateKey: secret.reveal(), Passphrase: '' }
    : { Password: secret.reveal() };

const membersOf = (subject: Subject, { checkoutId, expiresAt }: CheckedOut['checkout']) => ({
  ...(subject.kind === 'stored' ? ofStored(subject) : ofShared(subject.entry)),
  ...{ CheckOutID: checkoutId, ExpiresUTC: expiresAt.toISOString() },
});

const ofStored = ({ credential }: Extract<Subject, { kind: 'stored' }>) => {
  const { accountName, namespace, systemName, instanceName, isRandom, autoSpin } = credential;
  return {
    ...{ AccountName: accountName, Namespace: namespace, SystemName: systemName, InstanceName: instanceName },
    ...{ CredentialType: credentialTypeOf(credential), IsRandom: isRandom, AutoSpin: autoSpin },
  };
};

const ofShared = ({ accountName, systemName, listName }: ListEntry) => ({
  ...{ AccountName: accountName, Namespace: '', SystemName: systemName, InstanceName: '' },
  ...{ CredentialType: 'Password', IsRandom: false, AutoSpin: false, SharedCredentialListName: listName },
});

const takeBack = async (call: Call, jobs: JobDoor, lease: string | null, named: ReturnType<typeof ofAccount>) => {
  const { tx, parts, acting } = call;
  if (lease !== null) {
    const ended = await checkInLease(tx, parts, jobs, acting, lease);
    return ended === null ? done : told(call, ended, lease);
  }
  const { identity, impersonator } = acting.actor;
  const own = sql`o.identity_id = ${identity.identityId} and o.lease_id is null
    and o.impersonator_id is not distinct from ${impersonator?.identityId ?? null}::uuid and ${named}`;
  const [latest] = await listCheckouts(tx, own, 1);
  if (latest === undefined) throw nothingThere();
  const of = { checkoutId: latest.checkoutId, endedBy: 'check-in', by: acting.by } as const;
  const ended = await endCheckout(tx, parts, jobs, of);
  return ended === null ? done : told(call, ended, null);
};

const told = async ({ tx }: Call, { checkout, subject, jobId, isNew }: Ended, lease: string | null) => {
  if (jobId !== null && lease !== null && subject.kind === 'stored')
    await rememberJob(tx, {
      leaseId: lease,
      credentialId: subject.credential.credentialId,
      templateJobId: null,
      jobId,
    });
  return {
    ...{ ...done, ...membersOf(subject, checkout), ...(jobId !== null && { JobID: jobId }) },
    // Whoever ended it has seen to the change: a caller that makes spins by itself must not make another one.
    ...(!isNew && checkout.endedBy !== 'check-in' && { AutoSpin: false }),
  };
};
