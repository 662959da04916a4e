import { newId, Secret, systemClock } from '@gatehouse/kernel';
import { sql } from 'kysely';
import type { Acting } from '../acting.ts';
import { listEntries } from '../audit/index.ts';
import { placeOfEntry, type Subject } from '../checkouts/index.ts';
import { type CredentialType, findCredential, type SystemKind, storeSecret } from '../credentials/index.ts';
import { putDelegation, type Rights, setGlobalPermission } from '../delegation/index.ts';
import { findIdentity, listHeld } from '../identities/index.ts';
import { putSecret } from '../keys/index.ts';
import type { JobDoor } from '../sdk/index.ts';
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
  const jobs = fakeJobs(spun);
  const vault = await testVault({ role: 'web', clock, jobs, ...options });
  const { database, parts } = vault;
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

/** Rows of jobs that nothing runs. */
const fakeJobs = (spun: Sample['spun']): JobDoor => {
  const make: JobDoor['createSpin'] = async (tx, _parts, { credential, comment, by }) => {
    const { rows } = await sql<{ id: number }>`
      insert into jobs (kind, is_template, comment, settings, schedule, state, created_by, correlation_id, created_at)
      values ('password_change', false, ${comment}, '{}', '{}', 'waiting', ${by.name}, ${by.correlationId}, now())
      returning job_id as id`.execute(tx);
    const jobId = rows[0]?.id ?? 0;
    await sql`insert into job_targets (job_id, credential_id, state) values (${jobId}, ${credential.credentialId}, 'waiting')`.execute(
      tx,
    );
    spun.push({ jobId, credentialId: credential.credentialId, by });
    return jobId;
  };
  return {
    createSpin: make,
    createJobFromTemplate: make,
    createPasswordChangeJob: async (tx, parts, { credentials, ...of }) => {
      const [credential] = credentials;
      if (!credential) throw new Error('A job without credentials.');
      return make(tx, parts, { ...of, credential });
    },
    afterCheckIn: (tx, parts, credential, by) =>
      credential.autoSpin ? make(tx, parts, { credential, comment: 'spin', by }) : Promise.resolve(null),
    findJob: async (tx, jobId) => {
      const { rows } = await sql<{ credentialId: string; systemName: string; accountName: string; comment: string }>`
        select c.credential_id as "credentialId", s.name as "systemName", c.account_name as "accountName", j.comment
        from jobs j join job_targets t using (job_id) join credentials c using (credential_id) join systems s using (system_id)
        where job_id = ${jobId}`.execute(tx);
      const targets = rows.map((row) => ({ ...row, state: 'waiting', message: '', finishedAt: null }));
      const [first] = rows;
      return first
        ? { ...{ jobId, kind: 'password_change', state: 'waiting', nextRunAt: null, targets }, comment: first.comment }
        : null;
    },
    listTemplateJobs: async () => [{ jobId: 74, credentialType: 'linux', comment: 'Linux' }],
  };
};
