import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import type { JumpItemId } from '../ecm/index.ts';
import { splitHostname } from '../jump-items/index.ts';
import type { Place } from './model.ts';

/** Null: there is no such item any more. */
export const findPlace = async (tx: Sql, { type, id }: JumpItemId): Promise<Place | null> => {
  const { rows } = await sql<Omit<Place, 'host'> & { hostname: string; port: number | null }>`
    ${queries[type]} where id = ${id}`.execute(tx);
  const row = rows[0];
  if (row === undefined) return null;
  const { hostname, port, ...place } = row;
  const split = type === 'remote-rdp' ? splitHostname(hostname) : { host: hostname, port: null };
  return { ...place, host: split.host, port: split.port ?? port ?? usualPorts[place.protocol] };
};

const usualPorts = { ssh: 22, telnet: 23, vnc: 5_900, rdp: 3_389 } as const;

const queries = {
  'shell-jump': sql`select hostname, port, case terminal when 'VT100' then 'vt100' else 'xterm-256color' end as term,
    false as "anyCertificate", username, '' as domain, protocol,
    jumpoint_id as "jumpointId" from shell_jumps`,
  'remote-vnc': sql`select hostname, port, '' as term, false as "anyCertificate", '' as username, '' as domain,
    'vnc' as protocol, jumpoint_id as "jumpointId" from remote_vnc`,
  'remote-rdp': sql`select hostname, null::int as port, '' as term, ignore_untrusted as "anyCertificate",
    rdp_username as username, domain, 'rdp' as protocol, jumpoint_id as "jumpointId" from remote_rdp`,
} as const;
