import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { z } from 'zod';
import { type JumpItemType, jumpItemTypes } from '../../api/jump-items.ts';
import { newOf, type ObjectRow } from '../../api/shape.ts';
import { jumpItems } from '../../jump-items/index.ts';
import { createObject, Refusal } from '../../objects/index.ts';
import { element, whole, words } from '../../xml-api/index.ts';
import { defineAction } from './action.ts';

/** The parameter that says what kind of item it is, and those of its own. What a local jump would be is not here. */
const kinds: readonly { readonly hostname: string; readonly type: JumpItemType; readonly own: readonly string[] }[] = [
  { hostname: 'shelljump_hostname', type: 'shell-jump', own: ['protocol', 'port', 'terminal', 'username'] },
  { hostname: 'remote_vnc_hostname', type: 'remote-vnc', own: ['port'] },
  { hostname: 'remote_rdp_hostname', type: 'remote-rdp', own: ['rdp_username', 'domain', 'quality'] },
];

const optional = words(255, 1).optional();

// The names of the parameters of each kind are not all public; those of the Configuration API stand in for the rest.
export const importJumpShortcut = defineAction({
  ...{ name: 'import_jump_shortcut', needs: 'full_access' },
  parameters: z.object({
    ...{ name: words(128, 1), group: words(64, 1), jumpoint: optional, tag: optional },
    ...{ comments: words(1_024).optional(), jump_policy: optional, session_policy: optional },
    ...{ shelljump_hostname: optional, remote_vnc_hostname: optional, remote_rdp_hostname: optional },
    ...{ protocol: optional, terminal: optional, username: optional, port: whole(1, 65_535).optional() },
    ...{ rdp_username: optional, domain: optional, quality: optional },
  }),
  run: async ({ change, parameters }) => {
    const given: ObjectRow = parameters;
    const named = kinds.filter(({ hostname }) => given[hostname] !== undefined);
    const [kind] = named;
    if (kind === undefined || named.length > 1)
      throw new Refusal(
        [],
        `Name one of ${kinds.map(({ hostname }) => hostname).join(', ')}; other Jump items are not here.`,
      );
    return change(async ({ tx, by }) => {
      const { name, group, tag, comments } = parameters;
      const item = {
        ...{ name, tag, comments, hostname: given[kind.hostname] },
        jump_group_id: await idOf(tx, 'jump_groups', 'group', group),
        jumpoint_id: await idOf(tx, 'jumpoints', 'jumpoint', parameters.jumpoint ?? 'this_site'),
        ...(parameters.jump_policy !== undefined && {
          jump_policy_id: await idOf(tx, 'jump_policies', 'jump_policy', parameters.jump_policy),
        }),
        ...(parameters.session_policy !== undefined && {
          session_policy_id: await idOf(tx, 'session_policies', 'session_policy', parameters.session_policy),
        }),
        ...Object.fromEntries(kind.own.map((own) => [own, given[own]])),
      };
      const said = Object.fromEntries(Object.entries(item).filter(([, value]) => value !== undefined));
      const parsed = newOf(jumpItemTypes[kind.type].shape).safeParse(said);
      if (!parsed.success)
        throw new Refusal(
          parsed.error.issues.map(({ path, message }) => ({ field: path.map(String).join('.'), message })),
        );
      await createObject(tx, by, { kind: jumpItems[kind.type] }, parsed.data);
      return element('success', 'Jump shortcut was imported');
    });
  },
});

/** By its code name. */
const idOf = async (tx: Sql, table: string, parameter: string, codeName: string): Promise<number> => {
  const { rows } = await sql<{ id: number }>`
    select id from ${sql.table(table)} where lower(code_name) = lower(${codeName}) order by id limit 1`.execute(tx);
  const id = rows[0]?.id;
  if (id === undefined)
    throw new Refusal([{ field: parameter, message: `There is none with the code name “${codeName.slice(0, 64)}”.` }]);
  return id;
};
