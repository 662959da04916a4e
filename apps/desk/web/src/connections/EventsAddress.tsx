import { ConfirmDialog, Section } from '@gatehouse/ui';
import { Button } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useState } from 'react';
import { HelpText } from '../parts/HelpText.tsx';
import { ShownOnce } from '../parts/ShownOnce.tsx';
import { useSend } from '../parts/use-send.ts';
import { supportPaths } from '../support/paths.ts';

/** Where the address is entered. */
export const whereToEnter = [
  '1. On the site, open **Management > Outbound Events** and add an HTTP recipient.',
  '2. Enter the address as its URL. It holds a secret: whoever knows it can tell of sessions.',
  '3. Choose the events of support sessions: begin, end, owner changed, member added and departed, and both surveys.',
  '4. Save it. What the site tells from then on appears here on the page Events.',
];

/** The address that the site tells events to: shown once when it is made, so another can be made. */
export function EventsAddress({ connectionId, name }: { connectionId: string; name: string }) {
  const [isAsking, setAsking] = useState(false);
  const [address, setAddress] = useState<string | null>(null);
  const path = supportPaths.connection(connectionId);
  const make = useSend<{ readonly eventsUrl: string }>({
    onDone: ({ eventsUrl }) => {
      setAsking(false);
      setAddress(eventsUrl);
    },
  });
  return (
    <Section
      title="Address for events"
      lead="Where the site tells of sessions. It was shown once, when it was made."
      actions={
        <Button variant="default" leftSection={<IconKey size={16} />} onClick={() => setAsking(true)}>
          New address
        </Button>
      }
    >
      <HelpText lines={whereToEnter} />
      <ConfirmDialog
        opened={isAsking}
        title={`Make a new address for ${name}?`}
        action="Make address"
        danger
        busy={make.isPending}
        onConfirm={() => make.mutate({ method: 'POST', path: `${path}/secret`, body: {} })}
        onClose={() => setAsking(false)}
      >
        The address that it has now ends at once. Events are lost until the new one is entered on the site.
      </ConfirmDialog>
      <ShownOnce
        title="The address for events"
        label="Address for events"
        value={address}
        onClose={() => setAddress(null)}
      />
    </Section>
  );
}
