import {
  type Fact,
  Facts,
  formatNumber,
  formatTime,
  Notice,
  RelativeTime,
  Section,
  Tabs,
  useSend,
} from '@gatehouse/ui';
import { Button, Stack } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { type Delivery, type Item, paths } from '../api/paths.ts';
import { outboundRecipients } from '../objects/kinds.ts';
import { ObjectPage } from '../objects/ObjectPage.tsx';
import { RecipientSecrets } from './RecipientSecrets.tsx';
import { StatusTag } from './words.tsx';

/** One recipient: how it is, how it is told, and what proves it. */
export function RecipientPage() {
  return (
    <ObjectPage
      kind={outboundRecipients}
      every={10_000}
      above={(item) => (
        <>
          <RecipientTabs id={String(item.id)} isDeliveries={false} />
          <QueueState recipient={item} />
        </>
      )}
      below={(_id, item) => <RecipientSecrets recipient={item} />}
    />
  );
}

export function RecipientTabs({ id, isDeliveries }: { id: string; isDeliveries: boolean }) {
  const page = `${outboundRecipients.page}/${id}`;
  return (
    <Tabs
      label="Recipient"
      tabs={[
        { title: 'Settings', href: page, isCurrent: !isDeliveries },
        { title: 'Deliveries', href: `${page}/deliveries`, isCurrent: isDeliveries },
      ]}
    />
  );
}

/** What waits, and why. */
export function QueueState({ recipient }: { recipient: Item }) {
  const { id, status, queued, last_error: error } = recipient;
  const test = useSend<Delivery>({ refresh: [outboundRecipients.api] });
  const came = test.data;
  return (
    <Section
      title="Queue"
      lead="Events go out one after the other: what is not taken keeps those behind it waiting."
      actions={
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconSend size={15} />}
          loading={test.isPending}
          onClick={() => test.mutate({ method: 'POST', path: `${paths.recipient(Number(id))}/test`, body: {} })}
        >
          Send a test
        </Button>
      }
    >
      <Stack gap="md">
        {came === undefined ? null : (
          <Notice
            tone={came.state === 'delivered' ? 'low' : 'critical'}
            title={came.state === 'delivered' ? 'The test arrived' : 'The test did not arrive'}
            isUrgent
          >
            {came.state === 'delivered'
              ? 'The recipient answered 200. Events that wait are sent beside it, in their order.'
              : came.error}
          </Notice>
        )}
        {status === 'failing' ? (
          <Notice tone="critical" title={waitWords(Number(queued ?? 0))}>
            {String(error ?? '')} Mend the recipient, send a test, and save here or wait for the next try. What was
            given up can be replayed from its deliveries.
          </Notice>
        ) : null}
        <Facts narrow facts={factsOf(recipient)} />
      </Stack>
    </Section>
  );
}

const waitWords = (queued: number): string =>
  queued === 0
    ? 'It takes no event'
    : `It takes no event, and ${queued === 1 ? 'one waits' : `${formatNumber(queued)} wait`}`;

const factsOf = (recipient: Item): readonly Fact[] => {
  const when = (name: string) => {
    const at = recipient[name];
    return typeof at === 'string' ? <RelativeTime at={at} /> : null;
  };
  const next = recipient.next_try_at;
  return [
    { title: 'Status', value: <StatusTag recipient={recipient} /> },
    { title: 'Waiting events', value: formatNumber(Number(recipient.queued ?? 0)) },
    { title: 'Blocked since', value: when('failing_since') },
    { title: 'Next try', value: typeof next === 'string' ? formatTime(new Date(next)) : null },
    { title: 'Alert written', value: when('alerted_at') },
    { title: 'Alerts', value: <a href="/login/mail">Mail</a> },
  ];
};
