import { type ApiCommand, body, connection, fixed, must, tenant } from '../command.ts';

/** Commands about the programs that read a network from inside. */
export const collectorsCommands: readonly ApiCommand[] = [
  {
    name: 'collectors list',
    does: 'collectors, and what they read',
    method: 'GET',
    path: `${tenant}/collectors`,
    columns: ['connectionId', 'name', 'device.host', 'device.version', 'device.lastContactAt', 'key.state'],
    examples: ['gatehouse insights collectors list --tenant Acme'],
  },
  {
    name: 'collectors show',
    does: 'one collector: its machine, what it reads and who else does, its streams',
    method: 'GET',
    path: `${connection}/collector`,
    examples: ['gatehouse insights collectors show --tenant Acme --connection "Head office"'],
  },
  {
    name: 'collectors create',
    does: 'add a collector; prints its installation key once',
    method: 'POST',
    path: `${tenant}/connections`,
    options: [
      fixed('connector', 'insights-collector'),
      must(body('--name <name>', 'name', 'a name for people')),
      fixed('settings', {}),
    ],
    examples: [
      'gatehouse insights collectors create --tenant Acme --name "Head office"',
      'gatehouse insights collectors create --tenant Acme --name "Head office" --json',
    ],
  },
  {
    name: 'collectors new-key',
    does: 'make another installation key while none was used; prints it once',
    method: 'POST',
    path: `${connection}/collector/keys`,
    examples: ['gatehouse insights collectors new-key --tenant Acme --connection "Head office"'],
  },
  {
    name: 'collectors close-key',
    does: 'end an installation key that was not used',
    method: 'DELETE',
    path: `${connection}/collector/keys`,
    examples: ['gatehouse insights collectors close-key --tenant Acme --connection "Head office"'],
  },
  {
    name: 'collectors installer',
    does: 'the program of the collector, written to standard output',
    method: 'GET',
    path: `${connection}/collector/installer`,
    streamed: true,
    examples: ['gatehouse insights collectors installer --tenant Acme --connection "Head office" > collector.mjs'],
  },
];
