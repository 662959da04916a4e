import { sql } from 'kysely';
import { type JumpItemType, jumpItemTypes, jumpoint } from '../api/jump-items.ts';
import { codeNamed, type Kind, Refusal } from '../objects/index.ts';

const kind = (type: JumpItemType, table: string): Kind => ({
  shape: jumpItemTypes[type].shape,
  noun: type,
  reads: table,
  writes: table,
  search: ['name', 'hostname', 'tag', 'comments'],
});

export const jumpItems: Readonly<Record<JumpItemType, Kind>> = {
  'shell-jump': {
    ...kind('shell-jump', 'shell_jumps'),
    complete: async (_tx, given) => ({ ...given, port: given.port ?? (given.protocol === 'telnet' ? 23 : 22) }),
  },
  'remote-vnc': kind('remote-vnc', 'remote_vnc'),
  'remote-rdp': kind('remote-rdp', 'remote_rdp'),
};

/** The site itself, which stays as it is, and others through whose Jump Clients items are reached. */
export const jumpoints: Kind = {
  shape: jumpoint,
  noun: 'jumpoint',
  reads: 'jumpoint_states',
  writes: 'jumpoints',
  search: ['name', 'comments'],
  complete: codeNamed('jumpoints', 'name'),
  extra: () => ({
    ...{ platform: 'linux-x86', connected: false, clustered: true },
    ...{ shell_jump_enabled: true, protocol_tunnel_enabled: false },
  }),
  check: async (_tx, _next, before) => (before?.id === 1 ? [{ field: 'name', message: ofSite }] : []),
  remove: async (tx, { id }) => {
    if (id === 1) throw new Refusal([], ofSite);
    await sql`delete from jumpoints where id = ${id}`.execute(tx);
  },
};
const ofSite = 'This Jumpoint is the site itself, and stays as it is.';
