import { CopyField, EmptyState, Loaded, Notice, Page, Section, useApi, useCrumbs } from '@gatehouse/ui';
import { Button, Group, Radio, Stack } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { AddButton } from '../parts/AddButton.tsx';
import { HelpText } from '../parts/HelpText.tsx';
import { type DeskKind, type Made, supportPaths } from '../support/paths.ts';
import { ConnectionForm } from './ConnectionForm.tsx';
import { whereToEnter } from './EventsAddress.tsx';
import { Guide } from './Guide.tsx';

/** Connects a desk to a site. */
export function NewConnectionPage() {
  useCrumbs({ title: 'Connections', href: '/connections' }, { title: 'Add connection' });
  const desks = useApi(supportPaths.desks);
  const sites = useApi(supportPaths.sites);
  const [made, setMade] = useState<Made | null>(null);
  if (made !== null) return <Added made={made} />;
  return (
    <Page title="Add connection" lead="Choose the desk that has the tickets, and enter how to reach it.">
      <Loaded query={sites} rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="Add a site first" actions={<AddButton href="/sites/new">Add site</AddButton>}>
              A connection needs the site that session keys come from.
            </EmptyState>
          ) : (
            <Loaded query={desks} rows={5}>
              {(found) => <Choose desks={found.items} onMade={setMade} />}
            </Loaded>
          )
        }
      </Loaded>
    </Page>
  );
}

function Choose({ desks, onMade }: { desks: readonly DeskKind[]; onMade(made: Made): void }) {
  const [id, setId] = useState<string | null>(null);
  const desk = desks.find((one) => one.id === id);
  return (
    <Stack gap="md">
      <Section title="Desk">
        <Radio.Group label="Which desk has the tickets?" value={id} onChange={setId}>
          <Stack gap={10} mt={8}>
            {desks.map(({ id: value, name, summary }) => (
              <Radio key={value} value={value} label={name} description={summary} />
            ))}
          </Stack>
        </Radio.Group>
      </Section>
      {desk === undefined ? null : (
        <>
          <Guide desk={desk} />
          <ConnectionForm<Made> key={desk.id} desk={desk} onDone={onMade} />
        </>
      )}
    </Stack>
  );
}

function Added({ made: { connectionId, name, eventsUrl } }: { made: Made }) {
  const { history } = useRouter();
  return (
    <Page title="Connection added" lead={name}>
      <Section title="Enter this address on the site">
        <Stack gap="md">
          <Notice tone="medium" icon={<IconKey size={17} />} title="Copy it now">
            This is the only time you can see it.
          </Notice>
          <CopyField label="Address for events" value={eventsUrl} />
          <HelpText lines={whereToEnter} />
          <Group>
            <Button onClick={() => history.replace(`/connections/${connectionId}`)}>Go on and test it</Button>
          </Group>
        </Stack>
      </Section>
    </Page>
  );
}
