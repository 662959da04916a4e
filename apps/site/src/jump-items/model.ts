import { type JumpItemType, jumpItemTypes, jumpoint } from '../api/jump-items.ts';
import type { Kind } from '../objects/index.ts';

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

export const jumpoints: Kind = {
  shape: jumpoint,
  noun: 'jumpoint',
  reads: 'jumpoints',
  search: ['name'],
};
