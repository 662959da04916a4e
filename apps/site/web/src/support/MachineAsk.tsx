import { EmptyState, ErrorState, LoadingState, SearchBox, send, toast, useApi } from '@gatehouse/ui';
import { Button } from '@mantine/core';
import { IconHourglass } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReachedClient, ReachedDetail } from '../../../src/api/jump-clients.ts';
import type { LiveSession } from '../../../src/api/live.ts';
import { paths } from '../api/paths.ts';
import { NoneFound } from '../jump-clients/NoneFound.tsx';
import { StartDialog } from '../jump-clients/StartDialog.tsx';
import { StatusTag } from '../jump-clients/StatusTag.tsx';
import { type Start, ticketOf, useStart } from '../jump-clients/use-start.ts';
import classes from './Room.module.css';

interface MachineAskProps {
  session: LiveSession;
  /** From which the customer is connected. */
  address: string;
}

/** The customer is asked for their machine, where a Jump Client is on it. */
export function MachineAsk({ session, address }: MachineAskProps) {
  const { lsid, machine, participants } = session;
  const customer = participants.find(({ kind }) => kind === 'customer')?.name || 'the customer';
  const withdraw = useMutation({
    mutationFn: () => send('DELETE', `/api/support/sessions/${lsid}/machine`),
    onError: toast.failed,
  });
  if (machine === null)
    return <Machines lsid={lsid} ticket={ticketOf(session.externalKey)} customer={customer} address={address} />;
  return (
    <section className={classes.stage} aria-label="Machine">
      <EmptyState
        icon={<IconHourglass size={28} stroke={1.5} />}
        title={`Waiting for ${customer} to agree`}
        actions={
          <Button variant="default" loading={withdraw.isPending} onClick={() => withdraw.mutate()}>
            Withdraw
          </Button>
        }
      >
        Their page asks whether {machine.name} may be connected to this session.
      </EmptyState>
    </section>
  );
}

interface MachinesProps {
  lsid: string;
  ticket: string;
  customer: string;
  address: string;
}

function Machines({ lsid, ticket, customer, address }: MachinesProps) {
  const [search, setSearch] = useState('');
  const found = useApi(paths.reachedClients({ search, limit: '20' }), { every: 15_000 });
  const near = useApi(paths.reachedClients({ publicIp: address, limit: '5' }), { every: 15_000 });
  const [asked, setAsked] = useState<ReachedDetail | null>(null);
  const start: Start<unknown> = {
    run: (jumpClientId, said) => send('POST', `/api/support/sessions/${lsid}/machine`, { jumpClientId, ...said }),
    // The session says that it waits, and takes the place of this.
    onBegun: () => undefined,
    ticket,
  };
  const ask = useStart({ ...start, onAsked: setAsked, onError: toast.failed });
  const beside =
    address === '' || search !== '' ? [] : (near.data?.items ?? []).filter((one) => one.publicIp === address);
  const others = (found.data?.items ?? []).filter(({ id }) => beside.every((one) => one.id !== id));
  const list = (clients: readonly ReachedClient[], label: string) => (
    <ul className={classes.machines} aria-label={label}>
      {clients.toSorted(free).map((client) => (
        <Machine
          key={client.id}
          client={client}
          isAsking={ask.isPending && ask.variables === client.id}
          onAsk={() => ask.mutate(client.id)}
        />
      ))}
    </ul>
  );
  return (
    <section className={classes.ask} aria-label="Machine">
      <h2>Connect the machine of {customer}</h2>
      <p>
        Where a Jump Client runs on it, you have a shell and its files in this session, as soon as they agree. They can
        end that at any time.
      </p>
      {asked === null ? null : (
        <StartDialog
          client={asked}
          of="lent machine"
          start={start}
          title={`Ask for ${asked.name}`}
          word="Ask the customer"
          onClose={() => setAsked(null)}
        />
      )}
      <SearchBox label="Search Jump Clients" value={search} onSearch={setSearch} />
      {beside.length === 0 ? null : (
        <>
          <h3>At the address of the customer</h3>
          {list(beside, 'Jump Clients at the address of the customer')}
          {others.length === 0 ? null : <h3>Others</h3>}
        </>
      )}
      {found.data === undefined ? (
        found.error === null ? (
          <LoadingState rows={3} />
        ) : (
          <ErrorState error={found.error} onRetry={() => void found.refetch()} />
        )
      ) : others.length > 0 ? (
        list(others, 'Jump Clients')
      ) : beside.length > 0 ? null : (
        <NoneFound search={search} />
      )}
    </section>
  );
}

/** Those that can be asked for are first. */
const free = (a: ReachedClient, b: ReachedClient) => Number(a.obstacle !== null) - Number(b.obstacle !== null);

interface MachineProps {
  client: ReachedClient;
  isAsking: boolean;
  onAsk(): void;
}

function Machine({
  client: { name, hostname, operatingSystem, status, isLocked, obstacle },
  isAsking,
  onAsk,
}: MachineProps) {
  return (
    <li className={classes.machine}>
      <span>
        {name}
        <small>
          {hostname} · {operatingSystem}
        </small>
        {obstacle === null ? null : <small>{obstacle}</small>}
      </span>
      {obstacle === null ? (
        <Button size="compact-sm" loading={isAsking} aria-label={`Ask for ${name}`} onClick={onAsk}>
          Ask
        </Button>
      ) : (
        <StatusTag status={status} isLocked={isLocked} />
      )}
    </li>
  );
}
