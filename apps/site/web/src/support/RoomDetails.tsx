import { Facts, send, toast, useApi } from '@gatehouse/ui';
import { Button, Stack, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { z } from 'zod';
import type { LiveEvent, LiveSession } from '../../../src/api/live.ts';
import type { WholeSupportSession } from '../../../src/api/support.ts';
import { paths } from '../api/paths.ts';
import classes from './Room.module.css';

type Customer = z.output<typeof WholeSupportSession>['participants'][number];

interface RoomDetailsProps {
  session: LiveSession;
  customer: Customer | undefined;
  events: readonly LiveEvent[];
}

/** Who asks for help and with what, where it belongs, and what only representatives see. */
export function RoomDetails({ session, customer, events }: RoomDetailsProps) {
  const categories = latestCategories(events);
  return (
    <aside className={classes.details} aria-label="Details">
      <section>
        <h2>Customer</h2>
        <Facts
          narrow
          facts={[
            { title: 'Name', value: customer?.name || '—' },
            { title: 'Company', value: customer?.company || '—' },
            { title: 'Address', value: customer?.address || '—' },
            ...(customer?.hostname ? [{ title: 'Host name', value: customer.hostname }] : []),
            ...(customer?.operatingSystem ? [{ title: 'System', value: customer.operatingSystem }] : []),
          ]}
        />
        {customer?.issue ? <p className={classes.issue}>{customer.issue}</p> : null}
      </section>
      <TicketForm session={session} />
      <NoteForm lsid={session.lsid} />
      {categories.map(({ name, fields }) => (
        <section key={name}>
          <h2>{name}</h2>
          <Facts narrow facts={fields.map((field) => ({ title: field.name, value: field.value }))} />
        </section>
      ))}
    </aside>
  );
}

interface Category {
  readonly name: string;
  readonly fields: readonly { readonly name: string; readonly value: string }[];
}

/** Of system information: what was said last of each. */
const latestCategories = (events: readonly LiveEvent[]): readonly Category[] => {
  const said = events
    .filter(({ type }) => type === 'system_information')
    .flatMap(({ body }): readonly Category[] => (Array.isArray(body.categories) ? body.categories : []));
  return [...new Map(said.map((one) => [one.name, one])).values()];
};

function TicketForm({ session }: { session: LiveSession }) {
  const fields = useApi(paths.consoleFields);
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const now: Readonly<Record<string, string>> = { ...session.attributes, external_key: session.externalKey ?? '' };
  // Somebody else changed it meanwhile: what is shown is what is kept.
  useEffect(() => setValues({}), [JSON.stringify(now)]);
  const save = useMutation({
    mutationFn: () => send('PATCH', `/api/support/sessions/${session.lsid}/attributes`, { attributes: values }),
    onSuccess: () => toast.done('Saved.'),
    onError: toast.failed,
  });
  const all = [{ codeName: 'external_key', name: 'Ticket' }, ...(fields.data?.items ?? [])];
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <h2>Ticket</h2>
      <Stack gap={8}>
        {all.map(({ codeName, name }) => (
          <TextInput
            key={codeName}
            label={name}
            size="xs"
            maxLength={1_024}
            value={values[codeName] ?? now[codeName] ?? ''}
            onChange={(event) => {
              const { value } = event.currentTarget;
              setValues((before) => ({ ...before, [codeName]: value }));
            }}
          />
        ))}
        {Object.entries(values).some(([name, value]) => value !== (now[name] ?? '')) ? (
          <div>
            <Button type="submit" size="compact-sm" loading={save.isPending}>
              Save
            </Button>
          </div>
        ) : null}
      </Stack>
    </form>
  );
}

function NoteForm({ lsid }: { lsid: string }) {
  const [text, setText] = useState('');
  const add = useMutation({
    mutationFn: () => send('POST', `/api/support/sessions/${lsid}/notes`, { text: text.trim() }),
    onSuccess: () => setText(''),
    onError: toast.failed,
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '') add.mutate();
      }}
    >
      <h2>Note</h2>
      <Stack gap={8}>
        <Textarea
          aria-label="Note"
          placeholder="For representatives and the ticket; the customer does not see it."
          autosize
          minRows={2}
          maxRows={8}
          size="xs"
          maxLength={10_000}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <div>
          <Button
            type="submit"
            size="compact-sm"
            variant="default"
            loading={add.isPending}
            disabled={text.trim() === ''}
          >
            Add the note
          </Button>
        </div>
      </Stack>
    </form>
  );
}
