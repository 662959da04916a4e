import { homedir } from 'node:os';
import { fields } from '@gatehouse/fields';
import { Fault } from '@gatehouse/kernel';
import type { z } from 'zod';

/** What this machine lets representatives do, whatever the site says. */
export const Allowances = fields.object({
  shell: fields.toggle('Remote shell', 'Lets representatives open a shell on this machine.').default(true),
  shellUser: fields
    .text('User of the shell', 'Shells run as this user. Left out: as the user that the Jump Client runs as.')
    .optional(),
  files: fields.toggle('Files', 'Lets representatives list, fetch and put files.').default(true),
  filesFolder: fields
    .text('Folder of files', 'Nothing outside of it can be read or written. Left out: all that the Jump Client may.')
    .optional(),
  filesMegabytes: fields
    .number('Largest file, in MB', 'Larger ones go neither way.', { min: 1, max: 1_000_000 })
    .default(1_024),
  hosts: fields
    .list(
      'Other hosts',
      'Hosts of this network that sessions may go on to, as Jumpoint: an address, a network or a name, and ports, such as 10.0.0.0/8:22 or db1.corp.example:22-3389. Left out: none.',
    )
    .default([]),
});
export type Allowances = z.output<typeof Allowances>;

/** Where people begin who look for files. */
export const startFolder = ({ filesFolder }: Allowances): string => filesFolder ?? homedir();

export const notAllowed = (what: string): Fault =>
  new Fault(
    'forbidden',
    `The settings of this Jump Client do not let ${what}. Whoever runs the machine can change them.`,
  );
