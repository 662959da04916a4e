import type { Sql } from '@gatehouse/database';
import { newId, type TenantId } from '@gatehouse/kernel';
import { audit, problems, type TenantGrant } from '@gatehouse/server';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { MergeInput, SplitInput } from '../api/identities.ts';
import type { AccountRow } from './address.ts';
import { correlate } from './correlate.ts';
import { summarise } from './summarise.ts';

/** A decision names at most this many accounts: more are no longer one person's. */
const mostAccounts = 1_000;

interface Named extends AccountRow {
  readonly identity: string | null;
  readonly part: number;
}

/** Makes one identity of several, for good or until it is undone. Answers the decision's id. */
export const merge = async (
  tx: Sql,
  grant: TenantGrant,
  { identityIds, reason }: z.output<typeof MergeInput>,
  now: Date,
): Promise<string> => {
  const accounts = await accountsOf(tx, identityIds);
  const found = new Set(accounts.map(({ identity }) => identity));
  if (identityIds.some((id) => !found.has(id))) throw problems.notFound();
  return await decide(tx, grant, { kind: 'merge', reason, accounts, identityIds, now });
};

/** Takes accounts out of their identity; together they become another one. */
export const split = async (
  tx: Sql,
  grant: TenantGrant,
  { accounts: asked, reason }: z.output<typeof SplitInput>,
  now: Date,
): Promise<string> => {
  const key = ({ connection, stream, id }: { connection: string; stream: string; id: string }) =>
    `${connection.toLowerCase()} ${stream} ${id}`;
  const wanted = new Set(asked.map(key));
  const { rows: found } = await sql<{ identity: string | null }>`
    select distinct a.identity_id::text as identity from accounts a
      join unnest(${asked.map((one) => one.connection)}::uuid[], ${asked.map((one) => one.stream)}::text[],
        ${asked.map((one) => one.id)}::text[]) as asked (connection_id, stream, id)
        on asked.connection_id = a.connection_id and asked.stream = a.stream and asked.id = a.id
    where a.gone_at is null`.execute(tx);
  const [only] = found;
  if (!only?.identity) throw problems.notFound();
  if (found.length > 1) throw problems.invalid([{ field: 'accounts', message: 'Choose accounts of one identity.' }]);
  const accounts = (await accountsOf(tx, [only.identity])).map((one) => ({
    ...one,
    part: wanted.has(key(one)) ? 0 : 1,
  }));
  if (accounts.filter(({ part }) => part === 0).length !== wanted.size) throw problems.notFound();
  if (accounts.every(({ part }) => part === 0)) {
    throw problems.invalid([{ field: 'accounts', message: 'Leave at least one account in the identity.' }]);
  }
  return await decide(tx, grant, { kind: 'split', reason, accounts, identityIds: [only.identity], now });
};

/** Takes a decision back; the rules decide again about its accounts. */
export const undo = async (tx: Sql, grant: TenantGrant, decisionId: string, now: Date): Promise<void> => {
  const { rows } = await sql<{ kind: string; reason: string }>`
    update decisions set undone_at = ${now}, undone_by = ${grant.principal.name}
    where decision_id = ${decisionId} and undone_at is null returning kind, reason`.execute(tx);
  const [undone] = rows;
  if (!undone) {
    const known = await sql`select from decisions where decision_id = ${decisionId}`.execute(tx);
    throw known.rows.length === 0 ? problems.notFound() : problems.conflict('This decision was undone before.');
  }
  await audit(tx, grant, {
    action: `identity.${undone.kind}.undo`,
    target: decisionId,
    change: { reason: undone.reason },
  });
  const { rows: identities } = await sql<{ id: string }>`
    select distinct a.identity_id::text as id from decision_accounts d
      join accounts a on a.connection_id = d.connection_id and a.stream = d.stream and a.id = d.id
    where d.decision_id = ${decisionId} and a.identity_id is not null`.execute(tx);
  await decideAgain(
    tx,
    grant.tenantId,
    identities.map(({ id }) => id),
    now,
  );
};

/** Accepting merges the two identities; rejecting keeps the pair from being suggested again. */
export const answerSuggestion = async (
  tx: Sql,
  grant: TenantGrant,
  suggestionId: string,
  answer: 'accepted' | 'rejected',
  now: Date,
): Promise<void> => {
  const { rows } = await sql<{ identities: (string | null)[]; rule: string; label: string }>`
    update suggestions s set state = ${answer}, decided_at = ${now}, decided_by = ${grant.principal.name}
    from accounts a, accounts o
    where s.suggestion_id = ${suggestionId} and s.state = 'open'
      and a.connection_id = s.connection_id and a.stream = s.stream and a.id = s.id
      and o.connection_id = s.other_connection_id and o.stream = s.other_stream and o.id = s.other_id
    returning array[a.identity_id::text, o.identity_id::text] as identities, s.rule, coalesce(a.display_name, a.login, a.id) as label`.execute(
    tx,
  );
  const [suggestion] = rows;
  if (!suggestion) throw problems.notFound();
  await audit(tx, grant, {
    action: `identity.suggestion.${answer}`,
    target: suggestion.label,
    change: { rule: suggestion.rule },
  });
  if (answer === 'rejected') return;
  const identityIds = [...new Set(suggestion.identities)].filter((id) => id !== null);
  if (identityIds.length > 1) await merge(tx, grant, { identityIds, reason: 'Suggestion accepted.' }, now);
};

interface Deciding {
  readonly kind: 'merge' | 'split';
  readonly reason: string;
  readonly accounts: readonly Named[];
  readonly identityIds: readonly string[];
  readonly now: Date;
}

const decide = async (tx: Sql, grant: TenantGrant, deciding: Deciding): Promise<string> => {
  const { kind, reason, accounts, identityIds, now } = deciding;
  if (accounts.length > mostAccounts) {
    throw problems.unusable(`A decision is about ${mostAccounts} accounts at most; these are ${accounts.length}.`);
  }
  const decisionId = newId<string>(now.getTime());
  await sql`insert into decisions (tenant_id, decision_id, kind, decided_at, decided_by, reason)
    values (${grant.tenantId}, ${decisionId}, ${kind}, ${now}, ${grant.principal.name}, ${reason})`.execute(tx);
  await sql`insert into decision_accounts (tenant_id, decision_id, connection_id, stream, id, part, label)
    select ${grant.tenantId}, ${decisionId}, * from unnest(
      ${accounts.map((one) => one.connection)}::uuid[], ${accounts.map((one) => one.stream)}::text[],
      ${accounts.map((one) => one.id)}::text[], ${accounts.map((one) => one.part)}::smallint[],
      ${accounts.map((one) => one.label)}::text[])`.execute(tx);
  const told = accounts.filter(({ part }) => part === 0).map(({ label }) => label);
  await audit(tx, grant, {
    action: `identity.${kind}`,
    target: told.slice(0, 20).join(', '),
    change: { decisionId, reason },
  });
  await decideAgain(tx, grant.tenantId, identityIds, now);
  return decisionId;
};

/** At once for these identities, so that whoever decided sees it. */
const decideAgain = async (tx: Sql, tenantId: TenantId, identityIds: readonly string[], now: Date): Promise<void> => {
  const { signal } = new AbortController();
  const { identities } = await correlate(tx, { tenantId, now, signal, only: identityIds });
  await summarise(tx, { tenantId, now, only: [...new Set([...identityIds, ...identities])] });
};

const accountsOf = async (tx: Sql, identityIds: readonly string[]): Promise<readonly Named[]> => {
  const { rows } = await sql<Named>`
    select connection_id::text as connection, stream, id, left(coalesce(display_name, login, id), 300) as label,
      identity_id::text as identity, 0 as part
    from accounts where identity_id = any(${[...identityIds]}::uuid[]) and gone_at is null
    order by first_seen_at, connection_id, stream, id limit ${mostAccounts + 1}`.execute(tx);
  return rows;
};
