import { Links } from './Links.tsx';

export function MembersOfPolicy({ id }: { id: string }) {
  return (
    <Links
      title="Members"
      lead="Users who get what this policy gives."
      api={`/api/group-policies/${id}/members`}
      itemKey="id"
      fields={[['user_id', 'User']]}
      fixed={{ security_provider_id: 1 }}
      empty="Nobody yet."
    />
  );
}

export function JumpGroupsOfPolicy({ id }: { id: string }) {
  return (
    <Links
      title="Jump groups"
      lead="What members reach, what they may do with it, and when."
      api={`/api/group-policies/${id}/jump-groups`}
      itemKey="jump_group_id"
      fields={[
        ['jump_group_id', 'Jump group'],
        ['jump_item_role_id', 'Jump item role'],
        ['jump_policy_id', 'Jump policy'],
      ]}
      empty="None yet."
    />
  );
}

/** What somebody can be in a team, the least first. */
export const teamRoles = ['member', 'lead', 'manager'] as const;

export function TeamsOfPolicy({ id }: { id: string }) {
  return (
    <Links
      title="Support teams"
      lead="Teams that every member of this policy is in, as what."
      api={`/api/group-policies/${id}/teams`}
      itemKey="team_id"
      fields={[
        ['team_id', 'Support team'],
        ['role', 'Role', teamRoles],
      ]}
      empty="None yet."
    />
  );
}
