import { certificateWays } from '../certificates/ways.ts';
import { defineEdge, type PathEdge, proof } from './edge.ts';

/** What a right in a directory lets its holder do, one edge for each, so that a path says how and not only that. */
const ways: readonly { readonly edge: string; readonly title: string; readonly when: string }[] = [
  {
    edge: 'reset_password',
    title: 'can set a new password for',
    when: `c.to_kind = 'accounts' and c.role_id in ('acl:ForceChangePassword', 'acl:AllExtendedRights')`,
  },
  {
    edge: 'read_password',
    title: 'can read the password of',
    when: `c.to_kind = 'accounts' and c.role_id in ('acl:ReadGMSAPassword', 'acl:ReadLAPSPassword')`,
  },
  {
    edge: 'act_for_anybody',
    title: 'can act as anybody towards',
    when: `c.to_kind = 'accounts' and c.role_id in ('acl:AllowedToAct', 'acl:AddAllowedToAct')`,
  },
  {
    edge: 'add_key',
    title: 'can add a key that signs in as',
    when: `c.to_kind = 'accounts' and c.role_id = 'acl:AddKeyCredentialLink'`,
  },
  {
    edge: 'enter_group',
    title: 'can put itself into',
    when: `c.to_kind = 'groups' and c.role_id like 'acl:%'`,
  },
  {
    edge: 'replicate_secrets',
    title: 'can read every secret of',
    when: `c.to_kind = 'resources' and c.role_id in ('acl:GetChangesAll', 'acl:AllExtendedRights')`,
  },
  {
    edge: 'link_policy',
    title: 'can link a policy of its choice to',
    when: `c.to_kind = 'resources' and c.role_id = 'acl:WriteGPLink'`,
  },
  {
    edge: 'control_object',
    title: 'controls',
    when: `c.to_kind <> 'groups' and c.role_id in ('acl:Owns', 'acl:GenericAll', 'acl:GenericWrite', 'acl:WriteDacl', 'acl:WriteOwner')`,
  },
];

/** What stands with the account itself, in Microsoft's words. */
const ownWays: typeof ways = [
  {
    edge: 'delegate_to',
    title: 'may act in others’ names towards',
    when: `c.role_id = 'delegation:to'`,
  },
  {
    edge: 'catch_tickets',
    title: 'can catch the tickets of the controllers of',
    when: `c.role_id = 'delegation:unconstrained'`,
  },
  {
    edge: 'sid_history',
    title: 'carries the identifier of',
    when: `c.role_id = 'sid-history'`,
  },
];
const ownWord = `case c.role_id when 'delegation:to' then 'msDS-AllowedToDelegateTo ' || c.to_label
  when 'sid-history' then 'sIDHistory ' || c.to_id else 'userAccountControl TRUSTED_FOR_DELEGATION' end`;

/** Which right whom lets do it, by names: "ForceChangePassword for Help Desk on Ada Lovelace". */
const entry = `substr(c.role_id, 5) || ' for ' || coalesce(case c.from_kind
  when 'groups' then (select p.name from groups p where p.connection_id = c.connection_id and p.stream = c.from_stream and p.id = c.from_id)
  else (select a.login from accounts a where a.connection_id = c.connection_id and a.stream = c.from_stream and a.id = c.from_id)
  end, c.from_id) || ' on ' || c.to_label`;

const isIn = (edge: string, title: string, when: string, fact: string): PathEdge =>
  defineEdge({
    ...{ edge, title, isFree: true },
    sql: `
      select i.connection_id as from_connection, i.from_kind, i.from_stream, i.from_id, 'groups' as to_kind,
        i.connection_id as to_connection, i.to_stream, i.to_id, i.to_label, 0 as to_level, jsonb_build_array(${fact}) as proof
      from insiders i where ${when}`,
  });

const address = 'connection_id, grant_stream, grant_id';
const entryProof = `jsonb_build_array(${proof('Access entry', entry, 'grants', 'c', address)})`;
const ownProof = `jsonb_build_array(${proof('Attribute', ownWord, 'accounts', 'c', address)})`;

const controls = (edge: string, title: string, when: string, facts: string): PathEdge =>
  defineEdge({
    edge,
    title,
    sql: `
      select distinct on (c.connection_id, c.from_kind, c.from_id, c.to_kind, c.to_id)
        c.connection_id as from_connection, c.from_kind, c.from_stream, c.from_id, c.to_kind,
        c.connection_id as to_connection, c.to_stream, c.to_id, c.to_label, c.level as to_level, ${facts} as proof
      from controls c where ${when}
      order by c.connection_id, c.from_kind, c.from_id, c.to_kind, c.to_id, c.role_id, c.grant_id`,
  });

/** What a directory tells, as ways to privilege. Of several rights of one holder on one thing the first is told. */
export const controlEdges: readonly PathEdge[] = [
  isIn(
    'is_in',
    'is in',
    'i.membership_id is not null',
    proof('Member of', 'i.to_label', 'memberships', 'i', 'connection_id, membership_stream, membership_id'),
  ),
  isIn(
    'everybody',
    'is, as everybody who signs in, in',
    'i.membership_id is null',
    proof('Everybody who signs in is in', 'i.to_label', 'groups', 'i', 'connection_id, to_stream, to_id'),
  ),
  ...ways.map(({ edge, title, when }) => controls(edge, title, when, entryProof)),
  ...ownWays.map(({ edge, title, when }) => controls(edge, title, when, ownProof)),
  ...certificateWays.map(({ edge, title }) => controls(edge, title, `c.role_id = 'certificate:${edge}'`, 'c.proof')),
];
