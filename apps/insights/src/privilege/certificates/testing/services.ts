import type { TestDatabase } from '@gatehouse/database/testing';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { correlate } from '../../../identities/correlate.ts';
import { authorityOf } from '../../../rules/certificate-services/testing/authority.ts';
import { newOrg, now, type Org } from '../../../rules/testing/world.ts';
import { derive } from '../../derive.ts';

/** What an example says of a template or an authority. */
export type Facts = Readonly<Record<string, unknown>>;

/** A requester writes the name. */
export const anyName = { suppliesSubject: true };

/** A domain with people, of whom nobody is privileged but the administrator, and certificate services. */
export const services = (org: Org) => {
  const domain = authorityOf(org);
  const { place, sid } = domain;
  // It is read by a stream of its own.
  place.group('S-1-5-11', { name: 'Authenticated Users', stream: 'well-known-groups' });
  return {
    ...domain,
    person: (rid: number, login: string) => place.account(`${sid}-${rid}`, { login, displayName: login }),
    group: (rid: number, name: string, ...members: readonly string[]) => {
      const id = place.group(`${sid}-${rid}`, { name, type: 'group' });
      for (const member of members) domain.member(id, member, /-12\d\d$/.test(member) ? 'group' : 'account');
      return id;
    },
    /** An enrolment service that counts, and that nobody may ask. */
    service: (template: string, attributes: Facts = {}) =>
      place.resource('service', {
        ...{ type: 'enrollment_service', name: 'CORP-CA' },
        attributes: { templates: [template], isInNtAuth: true, hasTrustedRoot: true, ...attributes },
      }),
    mayAs: (principal: string, right: string, object: string) =>
      domain.may(principal, right, object, {
        principalKind: /^S-1-(1|5-11|5-32)|-12\d\d$/.test(principal) ? 'group' : 'account',
      }),
  };
};

/** What a way says, step by step, with the facts that prove it; of an account without a way nothing is there. */
export const readWays = async (
  { database }: TestDatabase,
  fill: (org: Org) => void,
): Promise<Readonly<Record<string, string>>> => {
  const org = newOrg(() => []);
  fill(org);
  await org.store(database);
  const signal = new AbortController().signal;
  return database.tenant(org.tenantId, async (tx) => {
    await correlate(tx, { tenantId: org.tenantId, now, signal });
    await derive(tx, { tenantId: org.tenantId, now, signal, catalogue: new Map() });
    expect(await derive(tx, { tenantId: org.tenantId, now, signal, catalogue: new Map() })).toBe(0);
    const { rows } = await sql<{ id: string; level: number; said: string }>`
      select p.id, a.true_privilege as level, (
        select string_agg((step->'from'->>'label') || ' ' || (step->>'title') || ' ' || (step->'to'->>'label') || ' ('
            || (select string_agg(fact->>'value', '; ' order by place) from jsonb_array_elements(step->'proof') with ordinality facts (fact, place))
            || ')', ', ' order by n)
          from jsonb_array_elements(p.steps) with ordinality steps (step, n)) as said
      from privilege_paths p join accounts a on a.connection_id = p.connection_id and a.id = p.id`.execute(tx);
    return Object.fromEntries(
      rows.map(({ id, level, said }) => [id.replace('S-1-5-21-1-2-3-', ''), `${level} ${said}`]),
    );
  });
};
