import {
  EmptyState,
  ErrorState,
  Loaded,
  Notice,
  Page,
  RelativeTime,
  Section,
  send,
  Tag,
  toast,
  useApi,
  useCrumbs,
  useRefresh,
} from '@gatehouse/ui';
import { Button, SegmentedControl } from '@mantine/core';
import { IconHeadset, IconKey, IconUserPlus } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { z } from 'zod';
import type { Status, SupportSession } from '../../../src/api/support.ts';
import { paths } from '../api/paths.ts';
import { KeyDialog } from './KeyDialog.tsx';
import { QueueName } from './QueueName.tsx';
import classes from './Support.module.css';
import { useConsole } from './use-console.ts';

type Row = z.output<typeof SupportSession>;

/** Who waits for help, and whom this representative helps. */
export function SupportPage() {
  useCrumbs({ title: 'Remote support' });
  const { answer, problem, set, openAnew } = useConsole();
  const sessions = useApi(paths.mySupport, { every: 60_000, enabled: problem === null });
  const [isMaking, setMaking] = useState(false);
  if (problem?.status === 404)
    return (
      <Page title="Remote support">
        <EmptyState icon={<IconHeadset size={28} stroke={1.5} />} title="You do not provide support on this site">
          An administrator can allow it in a group policy that you are a member of: “Allowed to provide remote support”.
        </EmptyState>
      </Page>
    );
  if (problem !== null && problem.status !== 409)
    return (
      <Page title="Remote support">
        <ErrorState error={problem} onRetry={openAnew} />
      </Page>
    );
  return (
    <Page
      title="Remote support"
      lead="Customers who wait, in the order they should be helped."
      actions={
        <>
          {answer === null ? null : (
            <SegmentedControl
              size="xs"
              aria-label="Your status"
              value={answer.status}
              onChange={(status) => set(status as z.output<typeof Status>)}
              data={[
                { value: 'available', label: 'Available' },
                { value: 'busy', label: 'Busy' },
                { value: 'away', label: 'Away' },
              ]}
            />
          )}
          {answer?.rights.makeKeys ? (
            <Button leftSection={<IconKey size={16} />} onClick={() => setMaking(true)}>
              Session key
            </Button>
          ) : null}
        </>
      }
    >
      {problem === null ? null : (
        <Notice tone="medium" title="This console was closed" isUrgent>
          Somebody signed you out of it, or you opened another.{' '}
          <Button size="compact-sm" variant="default" onClick={openAnew}>
            Open it again
          </Button>
        </Notice>
      )}
      <Loaded query={sessions} rows={5}>
        {({ mine, invited, items }) => (
          <>
            {mine.length === 0 ? null : (
              <Section title="Your sessions" flush>
                <List rows={mine} act="open" label="Your sessions" />
              </Section>
            )}
            {invited.length === 0 ? null : (
              <Section title="You are invited" flush>
                <List rows={invited} act="join" label="Invitations" />
              </Section>
            )}
            <Section title="Waiting" flush>
              {items.length === 0 ? (
                <EmptyState title="Nobody is waiting">
                  {answer?.rights.makeKeys
                    ? 'Make a session key and give it to your customer. Whoever comes appears here by themselves.'
                    : 'Whoever comes appears here by themselves.'}
                </EmptyState>
              ) : (
                <List rows={items} act="take" label="Waiting" />
              )}
            </Section>
          </>
        )}
      </Loaded>
      <KeyDialog opened={isMaking} onClose={() => setMaking(false)} />
    </Page>
  );
}

const actWords = { open: 'Open', join: 'Join', take: 'Accept' } as const;

function List({ rows, act, label }: { rows: readonly Row[]; act: keyof typeof actWords; label: string }) {
  const navigate = useNavigate();
  const refresh = useRefresh();
  const join = useMutation({
    mutationFn: (lsid: string) => send('POST', `/api/support/sessions/${lsid}/join`, {}),
    onSuccess: (_, lsid) => void navigate({ to: `/console/support/${lsid}` }),
    onError: (error) => {
      toast.failed(error);
      void refresh('/api/support');
    },
  });
  return (
    <ul className={classes.list} aria-label={label}>
      {rows.map((row) => (
        <li key={row.lsid} className={classes.row}>
          <span className={classes.name}>
            {row.customer || 'Customer'}
            {row.priority === 1 ? <Tag tone="high">High priority</Tag> : null}
          </span>
          <span className={classes.queue}>
            <QueueName queue={row.queue} />
          </span>
          <span className={classes.key}>{row.externalKey === '' ? '' : row.externalKey}</span>
          <span className={classes.since}>
            {row.waitingSince === null ? (
              <>
                Since <RelativeTime at={row.beganAt} />
              </>
            ) : (
              <>
                Waits since <RelativeTime at={row.waitingSince} />
              </>
            )}
          </span>
          {act === 'open' ? (
            <Button size="compact-sm" component="a" href={`/console/support/${row.lsid}`}>
              {actWords[act]}
            </Button>
          ) : (
            <Button
              size="compact-sm"
              leftSection={act === 'join' ? <IconUserPlus size={15} /> : <IconHeadset size={15} />}
              loading={join.isPending && join.variables === row.lsid}
              onClick={() => join.mutate(row.lsid)}
            >
              {actWords[act]}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}
