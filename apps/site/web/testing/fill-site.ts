import type { TestSite } from '../../src/testing/test-site.ts';

export interface Filled {
  readonly email: string;
  readonly userId: number;
  readonly policyId: number;
  readonly groupId: number;
  readonly itemId: number;
  readonly jumpPolicyId: number;
  readonly accountId: number;
}

/** A small organisation in a site, and an administrator to look at it. */
export const fillSite = async ({ operator, person }: TestSite): Promise<Filled> => {
  const administrator = await person({ systemAdministrator: true });
  const add = async (path: string, body: object): Promise<number> => {
    const answer = await operator.post(path, JSON.parse(JSON.stringify(body)));
    if (answer.status !== 201) throw new Error(`${path}: ${answer.text}`);
    return answer.body.id ?? 0;
  };
  const userId = await add('/api/users', {
    ...{ username: 'bea', public_display_name: 'Bea Lindqvist', email_address: 'bea@acme.example' },
  });
  const groupId = await add('/api/jump-groups', { name: 'Linux servers', comments: 'Everything in the first rack.' });
  const jumpPolicyId = await add('/api/jump-policies', { display_name: 'Office hours', ticket_id_required: true });
  const item = { jumpoint_id: 1, jump_group_id: groupId };
  const itemId = await add('/api/jump-items/shell-jump', {
    ...{ ...item, name: 'web-1', hostname: 'web-1.acme.example', protocol: 'ssh', tag: 'web' },
    jump_policy_id: jumpPolicyId,
  });
  await add('/api/jump-items/remote-rdp', { ...item, name: 'dc-1', hostname: 'dc-1.acme.example', domain: 'ACME' });
  const policyId = await add('/api/group-policies', {
    ...{ name: 'Operations', access_perm_status: 'defined', perm_access_allowed: true, perm_shell_jump: true },
    default_jump_item_role_id: 2,
  });
  await add(`/api/group-policies/${policyId}/members`, { security_provider_id: 1, user_id: userId });
  await add(`/api/group-policies/${policyId}/jump-groups`, { jump_group_id: groupId });
  const accountId = await add('/api/api-accounts', {
    ...{ name: 'Integration Client', perm_command: 'full_access', perm_reporting_support: true, perm_ecm: true },
    ip_addresses: '192.168.100.0/24',
  });
  return { email: administrator.email, userId, policyId, groupId, itemId, jumpPolicyId, accountId };
};
