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
    when: `c.to_kind = 'groups'`,
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

/** Which right whom lets do it, by names: "ForceChangePassword for Help Desk on Ada Lovelace". */
const entry = `substr(c.role_id, 5) || ' for ' || coalesce(
  (select p.name from groups p where p.connection_id = c.connection_id and p.id = c.trustee and p.gone_at is null limit 1),
  (select a.login from accounts a where a.connection_id = c.connection_id and a.id = c.trustee and a.gone_at is null limit 1),
  c.trustee) || ' on ' || c.to_label`;

/** Access entries of a directory, as ways to privilege. Of several rights of one holder on one thing the first is told. */
export const controlEdges: readonly PathEdge[] = [
  { edge: 'everybody', title: 'controls, as everybody does,', when: 'c.by_everybody' },
  ...ways.map((way) => ({ ...way, when: `not c.by_everybody and ${way.when}` })),
].map(({ edge, title, when }) =>
  defineEdge({
    edge,
    title,
    sql: `
      select distinct on (c.connection_id, c.holder, c.to_kind, c.to_id)
        c.connection_id as from_connection, c.holder_stream as from_stream, c.holder as from_id, c.to_kind,
        c.connection_id as to_connection, c.to_stream, c.to_id, c.to_label, c.level as to_level,
        jsonb_build_array(${proof('Access entry', entry, 'grants', 'c', 'connection_id, grant_stream, grant_id')}) as proof
      from controls c where ${when}
      order by c.connection_id, c.holder, c.to_kind, c.to_id, c.role_id, c.grant_id`,
  }),
);
