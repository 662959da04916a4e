import type { Database } from '@gatehouse/database';
import { newId, Secret, systemClock } from '@gatehouse/kernel';
import { sql } from 'kysely';
import type { Acting } from '../acting.ts';
import { listEntries } from '../audit/index.ts';
import { placeOfEntry, type Subject } from '../checkouts/index.ts';
import {
  type Credential,
  type CredentialType,
  findCredential,
  type SystemKind,
  storeSecret,
} from '../credentials/index.ts';
import { putDelegation, type Rights, setGlobalPermission } from '../delegation/index.ts';
import { findIdentity, listHeld } from '../identities/index.ts';
import { createJob, type JobDoor, jobDoor } from '../jobs/index.ts';
import { putSecret } from '../keys/index.ts';
import type { VaultOptions } from '../start.ts';
import { type TestVault, testVault } from './test-vault.ts';

export interface NewAccount {
  readonly system: string;
  readonly account: string;
  readonly kind?: SystemKind;
  readonly namespace?: string;
  readonly instance?: string;
  readonly type?: CredentialType;
  readonly address?: string;
  readonly domainNetbios?: string;
  readonly domainDns?: string;
  readonly isRandom?: boolean;
  readonly autoSpin?: boolean;
  readonly password?: string;
}

export interface Sample extends TestVault {
  /** Moves the clock of the vault. */
  later(minutes: number): void;
  /** Of jobs that were made, newest last. */
  readonly spun: { readonly jobId: number; readonly credentialId: string; readonly by: Acting['by'] }[];
  readonly jobs: JobDoor;
  /** A credential with a password; answers its id. */
  account(of: NewAccount): Promise<string>;
  /** An entry of a list, which is made where there is none; answers its id. */
  entry(of: { list: string; system: string; account: string; password?: string }): Promise<string>;
  mayUseList(list: string, identityId: string): Promise<void>;
  delegate(identityId: string, credentialId: string, rights: Partial<Rights>): Promise<void>;
  permit(identityId: string, of: Partial<Parameters<typeof setGlobalPermission>[2]>): Promise<void>;
  /** As the identity, or as it by a program. */
  as(identityId: string, impersonatorId?: string, through?: Acting['by']['through']): Promise<Acting>;
  subject(credentialId: string): Promise<Subject>;
  /** Numbers, messages and ids of the audit from `after` on, oldest first. */
  audit(after?: number): Promise<readonly { eventId: number; message: string; actor: string; correlationId: string }[]>;
}

/** The whole program with accounts to check out, a clock to move, and jobs that are only written down. */
export const sampleVault = async (options: Partial<VaultOptions> = {}): Promise<Sample> => {
  let offsetMs = 0;
  const spun: Sample['spun'] = [];
  const clock = { ...systemClock, now: () => new Date(Date.now() + offsetMs) };
  const jobs = recordedJobs(spun);
  const vault = await testVault({ role: 'web', clock, jobs, ...options });
  const { database, parts } = vault;
  await addTemplate(database);
  const write = <T>(work: Parameters<typeof database.system<T>>[0]) => database.system(work);

  return {
    ...vault,
    ...{ spun, jobs },
    later: (minutes) => {
      offsetMs += minutes * 60_000;
    },
    account: (of) =>
      write(async (tx) => {
        const { kind = 'linux', namespace = '[Linux]', type = 'linux', instance = '', password = 'Tr0ub4dor' } = of;
        await sql`insert into systems (system_id, name, kind, address, domain_netbios, domain_dns, created_at)
          values (${newId()}, ${of.system}, ${kind}, ${of.address ?? null}, ${of.domainNetbios ?? null}, ${of.domainDns ?? null}, now())
          on conflict do nothing`.execute(tx);
        const credentialId = newId<string>();
        await sql`insert into credentials (credential_id, system_id, namespace, account_name, instance_name, type, is_random, auto_spin, created_at)
          select ${credentialId}, system_id, ${namespace}, ${of.account}, ${instance}, ${type}, ${of.isRandom ?? true}, ${of.autoSpin ?? false}, now()
          from systems where lower(name) = lower(${of.system}) and kind = ${kind}`.execute(tx);
        const secret = new Secret(password);
        await storeSecret(tx, parts.envelope, { credentialId, secret, at: clock.now(), isVerified: true });
        return credentialId;
      }),
    entry: ({ list, system, account, password = 'l1st-secret' }) =>
      write(async (tx) => {
        await sql`insert into shared_lists (list_id, name, created_at) values (${newId()}, ${list}, now()) on conflict do nothing`.execute(
          tx,
        );
        const entryId = newId<string>();
        const secretId = await putSecret(tx, parts.envelope, {
          ...{ secret: new Secret(password), place: placeOfEntry(entryId), at: clock.now() },
        });
        await sql`insert into list_entries (entry_id, list_id, system_name, account_name, secret_id, secret_at, created_at)
          select ${entryId}, list_id, ${system}, ${account}, ${secretId}, now(), now() from shared_lists where lower(name) = lower(${list})`.execute(
          tx,
        );
        return entryId;
      }),
    mayUseList: async (list, identityId) => {
      await write((tx) =>
        sql`insert into list_delegations (list_id, identity_id, may_edit) select list_id, ${identityId}, false
          from shared_lists where name = ${list}`.execute(tx),
      );
    },
    delegate: (identityId, credentialId, rights) =>
      write((tx) =>
        putDelegation(
          tx,
          { delegationId: newId<string>(), identityId, scope: { credentialId }, rights: { ...noRights, ...rights } },
          clock.now(),
        ),
      ),
    permit: (identityId, of) =>
      write((tx) =>
        setGlobalPermission(tx, identityId, { logIn: true, allAccess: false, ignorePasswordCheckout: false, ...of }),
      ),
    as: (identityId, impersonatorId, through = 'sdk') =>
      write(async (tx) => {
        const identity = await findIdentity(tx, identityId);
        const impersonator = impersonatorId === undefined ? null : await findIdentity(tx, impersonatorId);
        if (!identity) throw new Error('There is no such identity.');
        const by = {
          ...{ name: identity.name, impersonator: impersonator?.name ?? null, address: '192.0.2.7', through },
          correlationId: newId<string>(),
        };
        return { actor: { identity, holds: await listHeld(tx, identityId, []), impersonator }, by };
      }),
    subject: (credentialId) =>
      write(async (tx) => {
        const credential = await findCredential(tx, credentialId);
        if (!credential) throw new Error('There is no such credential.');
        return { kind: 'stored', credential };
      }),
    audit: (after = 0) => write((tx) => listEntries(tx, sql`seq > ${after}`, 'oldest', 1_000)),
  };
};

const noRights: Rights = {
  ...{ viewAccounts: false, viewPasswords: false, requestPasswords: false },
  ...{ grantRequests: false, remoteSessions: false, spin: false },
};

/** The jobs of the vault, which nothing runs here, and a list of those that were made. */
const recordedJobs = (spun: Sample['spun']): JobDoor => {
  const note = (jobId: number, of: { readonly credential: Credential; readonly by: Acting['by'] }) => {
    spun.push({ jobId, credentialId: of.credential.credentialId, by: of.by });
    return jobId;
  };
  return {
    ...jobDoor,
    createSpin: async (tx, parts, of) => note(await jobDoor.createSpin(tx, parts, of), of),
    createJobFromTemplate: async (tx, parts, of) => note(await jobDoor.createJobFromTemplate(tx, parts, of), of),
    createPasswordChangeJob: async (tx, parts, of) => {
      const jobId = await jobDoor.createPasswordChangeJob(tx, parts, of);
      for (const credential of of.credentials) note(jobId, { credential, by: of.by });
      return jobId;
    },
    afterCheckIn: async (tx, parts, credential, by) => {
      const jobId = await jobDoor.afterCheckIn(tx, parts, credential, by);
      return jobId === null ? null : note(jobId, { credential, by });
    },
  };
};

/** A template for Linux, under the number that the guides show. */
const addTemplate = (database: Database) =>
  database.system(async (tx) => {
    const by = { name: 'administrator', impersonator: null, address: null, correlationId: 'template' } as const;
    await createJob(
      tx,
      { clock: systemClock },
      {
        ...{ kind: 'password_change', schedule: { kind: 'now' }, settings: {}, credentialIds: [], comment: 'Linux' },
        ...{ by: { ...by, through: 'vault' }, credentialType: 'linux' },
      },
    );
    await sql`update jobs set job_id = 74 where is_template`.execute(tx);
  });
