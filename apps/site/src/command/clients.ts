import type { Sql } from '@gatehouse/database';
import { type ConnectedJumpClient, listConnectedJumpClients } from '../jump-clients/index.ts';
import { listCustomers, listSignedIn, type Participant, type SignedIn } from '../support/index.ts';

/** What is connected to the site, as programs know it. */
export interface ConnectedClient {
  readonly id: string;
  readonly type: 'representative' | 'support_customer' | 'pinned_client';
  readonly name: string;
  readonly hostname: string;
  readonly operatingSystem: string;
  readonly address: string;
  readonly since: Date;
}

/** As many as are looked at; there are no more seats in any support centre known. */
export const mostClients = 10_000;

export const listClients = async (tx: Sql, now: Date): Promise<readonly ConnectedClient[]> => [
  ...(await listSignedIn(tx, now)).map(ofConsole),
  ...(await listCustomers(tx, mostClients)).map(ofCustomer),
  ...(await listConnectedJumpClients(tx, mostClients)).map(ofJumpClient),
];

/** A console is a page: it tells no name and no system of its machine. */
const ofConsole = ({ clientId, name, address, since }: SignedIn): ConnectedClient => ({
  ...{ id: clientId, type: 'representative', name, hostname: '', operatingSystem: '', address, since },
});

const ofCustomer = (customer: Participant): ConnectedClient => ({
  ...{ id: customer.clientId, type: 'support_customer', name: customer.name, hostname: customer.hostname },
  ...{ operatingSystem: customer.operatingSystem, address: customer.address, since: customer.joinedAt },
});

const ofJumpClient = ({
  id,
  name,
  hostname,
  operatingSystem,
  address,
  since,
}: ConnectedJumpClient): ConnectedClient => ({
  ...{ id, type: 'pinned_client', name, hostname, operatingSystem, address, since },
});
