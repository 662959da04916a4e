import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { z } from 'zod';
import type { ReachedClient } from '../api/jump-clients.ts';
import { judgeWays, ledBy, Way, ways } from '../reach/index.ts';

/** What a search looks for; everything that is named has to be found, any part of it, without regard to case. */
export interface WantedClients {
  /** In the name, the comments, the host name or the tag. */
  readonly searchString?: string | undefined;
  readonly hostname?: string | undefined;
  readonly comments?: string | undefined;
  readonly tag?: string | undefined;
  readonly publicIp?: string | undefined;
  readonly privateIp?: string | undefined;
  /** This one alone. */
  readonly id?: number | undefined;
  readonly limit?: number;
  readonly offset?: number;
}

/** A Jump Client that somebody sees. */
export interface FoundClient extends ReachedClient {
  readonly jumpPolicyId: number | null;
  readonly sessionPolicyId: number | null;
}

const Row = z.object({
  id: z.int(),
  name: z.string(),
  hostname: z.string(),
  tag: z.string(),
  comments: z.string(),
  operatingSystem: z.string(),
  publicIp: z.string().nullable(),
  privateIp: z.string().nullable(),
  consoleUser: z.string().nullable(),
  status: z.enum(['online', 'offline']),
  isLocked: z.boolean(),
  seenAt: z.date(),
  allowsShell: z.boolean(),
  allowsFiles: z.boolean(),
  jumpGroupId: z.int().nullable(),
  jumpGroupName: z.string().nullable(),
  jumpPolicyId: z.int().nullable(),
  sessionPolicyId: z.int().nullable(),
  isEnabled: z.boolean(),
  mayUse: z.boolean(),
  maySupport: z.boolean(),
  ways: z.array(Way),
});

/** The Jump Clients that a user reaches through their Jump Groups, by name, with what stands in the way of a session at `at`. */
export const findJumpClients = async (
  tx: Sql,
  userId: number,
  wanted: WantedClients,
  at: Date,
): Promise<readonly FoundClient[]> => {
  const { searchString, hostname, comments, tag, publicIp, privateIp, id = null, limit = 100, offset = 0 } = wanted;
  const has = (column: string, part: string | undefined) =>
    part === undefined || part === '' ? sql`true` : sql`${sql.ref(`i.${column}`)} ilike ${likeOf(part)}`;
  const anywhere =
    searchString === undefined || searchString === ''
      ? sql`true`
      : sql`(${sql.join(
          ['name', 'comments', 'hostname', 'tag'].map((column) => has(column, searchString)),
          sql` or `,
        )})`;
  const { rows } = await sql`
    with ${ledBy(userId)}
    select i.id, i.name, i.hostname, i.tag, i.comments, i.operating_system as "operatingSystem", i.public_ip as "publicIp",
      i.private_ip as "privateIp", i.console_user as "consoleUser", i.status, i.is_locked as "isLocked",
      i.seen_at as "seenAt", i.allows_shell as "allowsShell", i.allows_files as "allowsFiles",
      i.shared_jump_group_id as "jumpGroupId", g.name as "jumpGroupName", i.jump_policy_id as "jumpPolicyId",
      i.session_policy_id as "sessionPolicyId", me.enabled as "isEnabled", me.perm_jump_client as "mayUse",
      me.perm_support_allowed as "maySupport", w.ways
    from pinned_jump_clients i
    cross join me
    left join jump_groups g on g.id = i.shared_jump_group_id
    cross join lateral (${ways}) w
    where w.ways is not null and (${id}::int is null or i.id = ${id}::int) and ${anywhere} and ${has('hostname', hostname)}
      and ${has('comments', comments)} and ${has('tag', tag)} and ${has('public_ip', publicIp)}
      and ${has('private_ip', privateIp)}
    order by lower(i.name), i.id limit ${limit} offset ${offset}`.execute(tx);
  const seen = z.array(Row).parse(rows);
  const standing = await judgeWays(tx, seen, at);
  return seen.map((row, index) => {
    const { policy = null, obstacle = null } = standing[index] ?? {};
    const { id, name, hostname, tag, comments, operatingSystem, publicIp, privateIp, consoleUser } = row;
    return {
      ...{ id, name, hostname, tag, comments, operatingSystem, publicIp, privateIp, consoleUser },
      ...{ status: row.status, isLocked: row.isLocked, lastSeenAt: row.seenAt.toISOString() },
      jumpGroup: row.jumpGroupId === null ? null : { id: row.jumpGroupId, name: row.jumpGroupName ?? '' },
      ...{ jumpPolicyId: policy, sessionPolicyId: row.sessionPolicyId },
      allows: { shell: row.allowsShell, files: row.allowsFiles },
      obstacle: obstacleOf(row) ?? (obstacle === null ? stateOf(row) : wordsOf[obstacle]),
    };
  });
};

const likeOf = (part: string) => `%${part.replaceAll(/[\\%_]/g, '\\$&')}%`;

const obstacleOf = ({ isEnabled, mayUse, maySupport }: z.output<typeof Row>): string | null => {
  if (!isEnabled) return 'Your account is switched off.';
  if (!maySupport) return 'No group policy lets you provide remote support.';
  return mayUse ? null : 'No group policy lets you open sessions with Jump Clients.';
};

const wordsOf = {
  role: 'Your role for this Jump Client does not start sessions.',
  schedule: 'Sessions with this Jump Client may not begin at this time.',
} as const;

const stateOf = ({ isLocked, status }: z.output<typeof Row>): string | null => {
  if (isLocked) return 'This Jump Client is locked. An administrator unlocks it in Jump > Jump Clients.';
  if (status === 'online') return null;
  return 'This Jump Client is not connected. See that its machine is on and reaches the site: "gatehouse jump-client status" there says what is wrong.';
};
