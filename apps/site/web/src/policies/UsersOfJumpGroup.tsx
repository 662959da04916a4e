import { Links } from './Links.tsx';

export function UsersOfJumpGroup({ id }: { id: string }) {
  return (
    <Links
      title="Users of this Jump group"
      lead="Beside those who reach it by a group policy."
      api={`/api/jump-groups/${id}/users`}
      itemKey="user_id"
      fields={[
        ['user_id', 'User'],
        ['jump_item_role_id', 'Jump item role'],
        ['jump_policy_id', 'Jump policy'],
      ]}
      empty="Nobody is named here."
    />
  );
}
