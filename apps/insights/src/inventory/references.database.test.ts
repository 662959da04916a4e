import { newId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { testInsights } from '../testing/test-insights.ts';
import { thingsNamed } from './links.ts';

test('a list names the records behind its ids, within the same connection only', async () => {
  await using host = await testInsights({ role: 'web' });
  const tenantId = await host.tenant('Links');
  const [here, elsewhere] = [newId(), newId()];
  await host.database.tenant(tenantId, async (tx) => {
    for (const [connectionId, stream] of [
      [here, 'people'],
      [elsewhere, 'people'],
      [here, 'teams'],
      [here, 'systems'],
    ] as const) {
      await sql`insert into connections (tenant_id, connection_id, connector, name, point, settings, created_at, changed_at, last_activity_at)
        values (${tenantId}, ${connectionId}, 'acme', 'Acme', 'acme.example', '{}', now(), now(), now()) on conflict do nothing`.execute(
        tx,
      );
      await sql`insert into stream_states (tenant_id, connection_id, stream) values (${tenantId}, ${connectionId}, ${stream})`.execute(
        tx,
      );
    }
    for (const [connectionId, id, name] of [
      [here, 'ada', 'Ada Lovelace'],
      [elsewhere, 'ada', 'Another Ada'],
      [elsewhere, 'stranger', 'A Stranger'],
    ])
      await sql`insert into accounts (tenant_id, connection_id, stream, id, display_name, hash, raw)
        values (${tenantId}, ${connectionId}, 'people', ${id}, ${name}, '\\x00', '{}')`.execute(tx);
    await sql`insert into groups (tenant_id, connection_id, stream, id, name, hash, raw)
      values (${tenantId}, ${here}, 'teams', 'crew', 'The crew', '\\x00', '{}')`.execute(tx);
    await sql`insert into resources (tenant_id, connection_id, stream, id, name, hash, raw)
      values (${tenantId}, ${here}, 'systems', 'managed-system:1', 'srv-1', '\\x00', '{}')`.execute(tx);
    for (const [id, kind, member] of [
      ['crew/srv', 'resource', 'managed-system:1'],
      ['crew/ada', 'account', 'ada'],
      ['crew/stranger', 'account', 'stranger'],
      ['crew/crew', 'group', 'crew'],
    ])
      await sql`insert into memberships (tenant_id, connection_id, stream, id, group_id, member_kind, member_id, hash, raw)
        values (${tenantId}, ${here}, 'memberships', ${id}, 'crew', ${kind}, ${member}, '\\x00', '{}')`.execute(tx);
  });

  const { body } = await host.operator.get(`/api/tenants/${tenantId}/inventory/memberships`);
  const labels = Object.fromEntries(
    body.items.map(({ id, _links }: { id: string; _links: Record<string, { label: string }> }) => [
      id,
      [_links.memberId?.label, _links.groupId?.label],
    ]),
  );
  expect(labels).toEqual({
    'crew/ada': ['Ada Lovelace', 'The crew'],
    'crew/srv': ['srv-1', 'The crew'],
    'crew/stranger': [undefined, 'The crew'],
    'crew/crew': ['The crew', 'The crew'],
  });
});

test('a right on an account or a group of a directory leads to it, from the list and from both pages', async () => {
  await using host = await testInsights({ role: 'web' });
  const tenantId = await host.tenant('Rights');
  const connection = newId();
  const [ada, crew] = ['S-1-5-21-1-2-3-1101', 'S-1-5-21-1-2-3-1200'];
  await host.database.tenant(tenantId, async (tx) => {
    await sql`insert into connections (tenant_id, connection_id, connector, name, point, settings, created_at, changed_at, last_activity_at)
      values (${tenantId}, ${connection}, 'acme', 'Acme', 'acme.example', '{}', now(), now(), now())`.execute(tx);
    for (const stream of ['people', 'teams', 'access'])
      await sql`insert into stream_states (tenant_id, connection_id, stream) values (${tenantId}, ${connection}, ${stream})`.execute(
        tx,
      );
    await sql`insert into accounts (tenant_id, connection_id, stream, id, display_name, hash, raw)
      values (${tenantId}, ${connection}, 'people', ${ada}, 'Ada', '\\x00', '{}')`.execute(tx);
    await sql`insert into groups (tenant_id, connection_id, stream, id, name, hash, raw)
      values (${tenantId}, ${connection}, 'teams', ${crew}, 'The crew', '\\x00', '{}')`.execute(tx);
    for (const [id, principal, kind, on] of [
      ['1', crew, 'group', ada],
      ['2', ada, 'account', crew],
    ])
      await sql`insert into grants (tenant_id, connection_id, stream, id, principal_kind, principal_id, role_id, resource_id, state, hash, raw)
        values (${tenantId}, ${connection}, 'access', ${id}, ${kind}, ${principal}, 'acl:GenericAll', ${on}, 'active', '\\x00', '{}')`.execute(
        tx,
      );
  });
  const { body } = await host.operator.get(`/api/tenants/${tenantId}/inventory/grants`);
  expect(
    body.items.map(({ id, _links }: { id: string; _links: Record<string, { label: string }> }) => [
      id,
      _links.resourceId?.label,
    ]),
  ).toEqual([
    ['1', 'Ada'],
    ['2', 'The crew'],
  ]);
  const record = (kind: string, stream: string, id: string) =>
    host.operator.get(
      `/api/tenants/${tenantId}/inventory/${kind}/record?${new URLSearchParams({ connection, stream, id })}`,
    );
  const listOf = (detail: { related: { title: string; items: { label: string }[] }[] }, title: string) =>
    detail.related.find((list) => list.title === title)?.items.map(({ label }) => label);
  expect(listOf((await record('accounts', 'people', ada)).body, 'Who may do what to it')).toEqual(['The crew']);
  expect(listOf((await record('groups', 'teams', crew)).body, 'Who may do what to it')).toEqual(['Ada']);
  expect(listOf((await record('grants', 'access', '2')).body, 'On')).toEqual(['The crew']);
});

test('what a right is on is told from its id: things of a directory by SID, Smart Groups of a vault, and resources', () => {
  const kindsOf = (id: string) => thingsNamed(id).map(({ kind }) => kind);
  expect(kindsOf('S-1-5-21-1-2-3-1101')).toEqual(['accounts', 'groups']);
  expect(kindsOf('smart-group:12')).toEqual(['groups']);
  expect(kindsOf('managed-system:1')).toEqual(['resources']);
});
