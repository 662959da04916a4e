import { Links } from '../policies/Links.tsx';
import { teamRoles } from '../policies/PolicyLinks.tsx';

export function UsersOfTeam({ id }: { id: string }) {
  return (
    <Links
      title="Members"
      lead="Who takes customers from its queue, beside those who are in it by a group policy. The policy must allow remote support and team queues."
      api={`/api/teams/${id}/users`}
      itemKey="user_id"
      fields={[
        ['user_id', 'User'],
        ['role', 'Role', teamRoles],
      ]}
      empty="Nobody yet. Choose a user below."
    />
  );
}
