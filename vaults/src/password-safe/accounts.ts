import type { Listing, Protocol, Question } from '@gatehouse/vault-kit';
import { quoted } from '@gatehouse/vault-kit';
import { z } from 'zod';
import type { PasswordSafeClient } from './password-safe.ts';
import type { Ask } from './session.ts';

/** A managed account as `GET ManagedAccounts` lists it. Names differ in their capitals between versions. */
const Account = z.object({
  SystemId: z.number().int(),
  SystemName: z.string().max(500).nullish(),
  AccountId: z.number().int(),
  AccountName: z.string().min(1).max(500),
  DomainName: z.string().max(500).nullish(),
  InstanceName: z.string().max(500).nullish(),
});
type Account = z.output<typeof Account>;

/** What names an account to the API, and what it is called there. */
const Named = z.object({
  system: z.number().int(),
  account: z.number().int(),
  name: z.string().min(1).max(500),
  domain: z.string().max(500).nullable(),
  key: z.boolean(),
});
export type Named = z.output<typeof Named>;

/** Null for a text that is not one of ours. */
export const toNamed = (text: string): Named | null => {
  try {
    return Named.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
};

/** The accounts that may be requested for an endpoint. */
export async function* list(
  { session, settings }: PasswordSafeClient,
  { person, endpoint, trace }: Question,
): AsyncIterable<Listing> {
  const { preferKeys, preferAddress, showApproval } = settings;
  const { hostname, address, protocol } = endpoint;
  trace(`asking as ${quoted(session.userOf(person))} for ${quoted(person)} on ${quoted(hostname)}`);
  const byName = { systemName: hostname };
  const byAddress = address === null ? [] : [{ ipAddress: address }];
  const lookups = preferAddress ? [...byAddress, byName] : [byName, ...byAddress];
  const isKey = preferKeys && (protocol === undefined || protocol === 'ssh');
  const listings = await session.using(person, async (ask) => {
    const found = await firstFound(ask, lookups, protocol, trace);
    const asked = showApproval ? found.slice(0, mostPolicies) : [];
    if (found.length > asked.length && showApproval)
      trace(`only ${asked.length} of ${found.length} were asked about approval`);
    const waiting = new Set<number>();
    for (const account of asked) if (await needsApproval(ask, account)) waiting.add(account.AccountId);
    return found.map((account) => toListing(account, isKey, waiting.has(account.AccountId)));
  });
  for (const listing of listings) {
    if (listing.credential.length <= 500) yield listing;
    else trace(`${quoted(listing.label)} is left out: its name is too long`);
  }
}

/** Accounts whose policies are looked at for one listing. */
const mostPolicies = 50;

/** By the first lookup that finds any. */
const firstFound = async (
  ask: Ask,
  lookups: readonly Readonly<Record<string, string>>[],
  protocol: Protocol | undefined,
  trace: (line: string) => void,
): Promise<readonly Account[]> => {
  for (const lookup of lookups) {
    const found: Account[] = [];
    for (const type of typesFor(protocol)) {
      const some = await accountsBy(ask, { type, ...lookup });
      const [[name = '', value = ''] = []] = Object.entries(lookup);
      // The name of a system is compared here, too: it has to be this one, not one that it matches.
      const exact = name === 'systemName' ? some.filter((one) => same(one.SystemName ?? '', value)) : some;
      trace(`accounts of the type ${type} with the ${name} ${quoted(value)}: ${exact.length} found`);
      found.push(...exact);
    }
    if (found.length > 0) return [...new Map(found.map((one) => [`${one.SystemId} ${one.AccountId}`, one])).values()];
  }
  return [];
};

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

type AccountType = 'system' | 'domainlinked' | 'database';

const typesFor = (protocol: Protocol | undefined): readonly AccountType[] => {
  if (protocol === undefined) return ['system', 'domainlinked', 'database'];
  if (protocol === 'mssql') return ['database', 'domainlinked'];
  return protocol === 'postgresql' || protocol === 'mysql' ? ['database'] : ['system', 'domainlinked'];
};

const pageSize = 1_000;
const mostPages = 10;

const accountsBy = async (ask: Ask, question: Readonly<Record<string, string>>): Promise<readonly Account[]> => {
  const found: Account[] = [];
  for (let page = 0; page < mostPages; page++) {
    const query = new URLSearchParams({ ...question, limit: String(pageSize), offset: String(page * pageSize) });
    // Nothing found is told as 404 with a sentence.
    const shape = z.union([z.array(Account), z.string()]);
    const { status, body } = await ask(`/ManagedAccounts?${query}`, shape, { accept: [404] });
    if (status === 404 || typeof body === 'string') break;
    found.push(...body);
    if (body.length < pageSize) break;
  }
  return found;
};

const Policies = z.object({
  Schedules: z.array(
    z.object({
      AccessTypes: z.array(z.object({ AccessType: z.string().max(100), MinApprovers: z.number().nullish() })),
    }),
  ),
});

/** Whether each policy that would let a password be viewed now wants somebody to approve. */
const needsApproval = async (ask: Ask, { SystemId, AccountId }: Account): Promise<boolean> => {
  const shape = z.union([z.array(Policies), z.string(), z.null()]);
  const { body } = await ask('/AccessPolicies/Test', shape, {
    ...{ method: 'POST', body: { SystemId, AccountId, DurationMinutes: 60 } },
    // It changes nothing. Older versions do not know it, and say of an account that nobody may request that it is forbidden.
    ...{ retry: true, accept: [403, 404] },
  });
  const policies = Array.isArray(body) ? body : [];
  const views = policies.flatMap(({ Schedules }) => Schedules).flatMap(({ AccessTypes }) => AccessTypes);
  const approvers = views.filter(({ AccessType }) => same(AccessType, 'View')).map((one) => one.MinApprovers ?? 0);
  return approvers.length > 0 && approvers.every((number) => number > 0);
};

const toListing = (account: Account, key: boolean, isApproved: boolean): Listing => {
  const { SystemId, AccountId, AccountName, InstanceName } = account;
  const domain = account.DomainName?.trim() || null;
  const name = domain === null ? AccountName : `${domain}\\${AccountName}`;
  const named: Named = { system: SystemId, account: AccountId, name: AccountName, domain, key };
  return {
    ...{ credential: JSON.stringify(named), kind: key ? 'ssh-key' : 'password', username: AccountName },
    label: InstanceName ? `${name} (${InstanceName})` : name,
    needsApproval: isApproved,
  };
};
