import type { Database } from '@gatehouse/database';
import type { PersonId, TenantId } from '@gatehouse/kernel';
import { type App, audit, findPeople, type Person, problems, type Server, type TenantRole } from '@gatehouse/server';
import { z } from 'zod';
import { Invitation, TenantPerson, TenantPersonInput } from '../api/tenants.ts';
import { listRoles, removeRole, saveRole } from './store.ts';

export interface PeopleRouteParts {
  readonly database: Database;
  readonly server: Pick<Server, 'invitePerson'>;
}

const tags = ['people'];
const administrator = { access: { tenant: 'administrator' }, endsAccess: true } as const;
const InTenant = z.object({ tenantId: z.uuid() });
const OnePerson = InTenant.extend({ personId: z.string().max(100) });
const RoleInput = z.strictObject({ role: TenantPersonInput.shape.role, email: z.string().max(300).optional() });
const people = '/api/tenants/:tenantId/people';

export const servePeople = (app: App, { database, server }: PeopleRouteParts): void => {
  app.get(
    people,
    {
      config: { access: { tenant: 'reader' } },
      schema: { summary: 'Who may enter a tenant', tags, params: InTenant, response: { 200: z.array(TenantPerson) } },
    },
    async ({ grant: { tenantId } }) => {
      const roles = await database.tenant(tenantId, (tx) => listRoles(tx, tenantId));
      const found = await database.system((tx) => findPeople(tx, [...roles.keys()]));
      return found
        .flatMap((person) => toTenantPerson(person, roles.get(person.personId)) ?? [])
        .toSorted((a, b) => a.name.localeCompare(b.name));
    },
  );

  app.post(
    people,
    {
      config: administrator,
      schema: {
        ...{ summary: 'Let a person in, new or known', tags, params: InTenant, body: TenantPersonInput },
        description: 'The link is answered only for somebody who cannot sign in yet; it works once.',
        response: { 201: Invitation },
      },
    },
    async ({ grant, act, body: { email, role } }, reply) => {
      // People belong to the program, so this is a system transaction; the role is written with the tenant's own id.
      const invitation = await database.system(async (tx) => {
        const { personId, link } = await server.invitePerson(tx, act, { email });
        await saveRole(tx, grant.tenantId, personId, role);
        await audit(tx, grant, { action: 'person.add', target: email, change: { role } });
        const [person] = await findPeople(tx, [personId]);
        const shown = person && toTenantPerson(person, role);
        if (!shown) throw problems.conflict('This person was deleted at the same moment. Try again.');
        return { person: shown, link };
      });
      reply.code(201);
      return invitation;
    },
  );

  app.put(
    `${people}/:personId`,
    {
      config: administrator,
      schema: {
        ...{ summary: 'Change the role of a person', tags, params: OnePerson, body: RoleInput },
        response: { 200: TenantPerson },
      },
    },
    async ({ grant, params: { personId }, body: { role } }) => {
      const { tenantId } = grant;
      const person = await findMember(database, tenantId, personId);
      await database.tenant(tenantId, async (tx) => {
        const before = (await listRoles(tx, tenantId)).get(personId) ?? null;
        await saveRole(tx, tenantId, person.personId, role);
        await audit(tx, grant, {
          action: 'person.change',
          target: person.email,
          change: { role: { before, after: role } },
        });
      });
      const shown = toTenantPerson(person, role);
      if (!shown) throw problems.notFound();
      return shown;
    },
  );

  app.delete(
    `${people}/:personId`,
    {
      config: administrator,
      schema: {
        ...{ summary: 'Take the role of a person away', tags, params: OnePerson },
        response: { 204: z.void() },
      },
    },
    async ({ grant, params: { personId } }, reply) => {
      const { tenantId } = grant;
      const person = await findMember(database, tenantId, personId);
      await database.tenant(tenantId, async (tx) => {
        await removeRole(tx, tenantId, personId);
        await audit(tx, grant, { action: 'person.remove', target: person.email });
      });
      return reply.code(204).send();
    },
  );
};

/** Only people of this tenant: of others nobody here may learn that they exist. */
const findMember = async (database: Database, tenantId: TenantId, personId: string): Promise<Person> => {
  const roles = await database.tenant(tenantId, (tx) => listRoles(tx, tenantId));
  if (!roles.has(personId)) throw problems.notFound();
  const [person] = await database.system((tx) => findPeople(tx, [personId as PersonId]));
  if (!person) throw problems.notFound();
  return person;
};

const toTenantPerson = (person: Person, role: TenantRole | undefined): z.input<typeof TenantPerson> | null =>
  role === undefined
    ? null
    : {
        personId: person.personId,
        name: person.name,
        email: person.email,
        role,
        lastSignInAt: person.lastSignInAt?.toISOString() ?? null,
        twoFactor: person.twoFactor,
      };
