import { z } from 'zod';
import { writeTime } from '../../api/shape.ts';
import { getApplianceId } from '../../options/index.ts';
import { type Element, element, flag } from '../../xml-api/index.ts';
import { type ConnectedClient, listClients } from '../clients.ts';
import { defineAction } from './action.ts';

/** Presentations and agents that push are not on this site: there are none of them. */
const types = ['representative', 'support_customer', 'presentation_attendee', 'push_agent', 'pinned_client'] as const;

const Types = z
  .string()
  .transform((list) => list.split(',').map((one) => one.trim()))
  .pipe(z.array(z.enum(['all', ...types], `Choose among all, ${types.join(', ')}.`)).max(10))
  .default(['all']);
const isWanted = (wanted: readonly string[], { type }: ConnectedClient) =>
  wanted.includes('all') || wanted.includes(type);

export const getConnectedClientList = defineAction({
  ...{ name: 'get_connected_client_list', needs: 'read_only' },
  parameters: z.object({ type: Types, summary_only: flag }),
  run: async ({ read, parameters }) =>
    read(async (tx, now) => {
      const clients = (await listClients(tx, now)).filter((one) => isWanted(parameters.type, one));
      const counted = types.filter(
        (type) => parameters.type.includes('all') || parameters.type.some((one) => one === type),
      );
      return element('connected_client_list', [
        element('connected_client_summary', [
          element(
            'appliance_summary',
            counted.map((type) => element('count', clients.filter((one) => one.type === type).length, { type })),
            { id: await getApplianceId(tx) },
          ),
        ]),
        ...(parameters.summary_only
          ? []
          : clients.map(({ type, id }) => element('connected_client', '', { type, id }))),
      ]);
    }),
});

/** As many as one request may name; without a name it is about all. */
const mostIds = 100;

export const getConnectedClients = defineAction({
  ...{ name: 'get_connected_clients', needs: 'read_only' },
  parameters: z.object({
    type: Types,
    id: z
      .string()
      .transform((list) => list.split(',').map((one) => one.trim().toLowerCase()))
      .pipe(
        z
          .array(z.string().regex(/^[0-9a-f]{32}$/, 'Ids have 32 hexadecimal digits.'))
          .max(mostIds, `Name at most ${mostIds}.`),
      )
      .optional(),
    include_connections: flag,
  }),
  run: async ({ read, parameters }) =>
    read(async (tx, now) => {
      const clients = (await listClients(tx, now)).filter(
        (one) => isWanted(parameters.type, one) && (parameters.id?.includes(one.id) ?? true),
      );
      return element(
        'connected_clients',
        clients.map((client) => toDetails(client, parameters.include_connections)),
      );
    }),
});

const toDetails = (
  { id, type, hostname, operatingSystem, address, since }: ConnectedClient,
  connections: boolean,
): Element =>
  element(
    `connected_${type}`,
    [
      element('hostname', hostname),
      element('platform', operatingSystem, { id: operatingSystem.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-') }),
      // Nothing tells it.
      element('timezone_offset', 0),
      element('connected_since', writeTime(since), { ts: Math.floor(since.getTime() / 1_000) }),
      ...(connections
        ? [element('client_connections', [element('client_connection', '', { address, since: writeTime(since) })])]
        : []),
    ],
    { id },
  );
