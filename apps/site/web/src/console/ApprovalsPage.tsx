import {
  EmptyState,
  Loaded,
  Page,
  RelativeTime,
  Section,
  send,
  Tag,
  type Tone,
  toast,
  useApi,
  useCrumbs,
  useRefresh,
} from '@gatehouse/ui';
import { Button, Group, Modal, Stack, Textarea } from '@mantine/core';
import { IconUserCheck } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { type Approval, paths } from '../api/paths.ts';
import classes from './ApprovalsPage.module.css';

/** What this person may decide, and what they asked for. */
export function ApprovalsPage() {
  useCrumbs({ title: 'Console', href: '/console' }, { title: 'Approvals' });
  const approvals = useApi(paths.approvals, { every: 10_000 });
  return (
    <Page title="Approvals" lead="Sessions that somebody has to approve before they begin.">
      <Loaded query={approvals} rows={4} height={60}>
        {({ items }) => {
          const toDecide = items.filter(({ mayDecide, state }) => mayDecide && state === 'waiting');
          const others = items.filter((one) => !toDecide.includes(one));
          return items.length === 0 ? (
            <EmptyState icon={<IconUserCheck size={28} stroke={1.5} />} title="There is nothing to approve">
              What you ask for appears here, and what others ask of you.
            </EmptyState>
          ) : (
            <>
              {toDecide.length === 0 ? null : (
                <Section title="Waiting for you">
                  <ApprovalList
                    label="Waiting for you"
                    approvals={toDecide}
                    action={(one) => <Decide approval={one} />}
                  />
                </Section>
              )}
              {others.length === 0 ? null : (
                <Section title={toDecide.length === 0 ? 'Asked for' : 'Others'}>
                  <ApprovalList label="Asked for" approvals={others} action={(one) => <Open approval={one} />} />
                </Section>
              )}
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}

const states: Readonly<Record<Approval['state'], readonly [Tone, string]>> = {
  waiting: ['medium', 'Waiting'],
  approved: ['good', 'Approved'],
  denied: ['critical', 'Denied'],
  expired: ['quiet', 'Expired'],
};

interface ApprovalListProps {
  label: string;
  approvals: readonly Approval[];
  action(approval: Approval): ReactNode;
}

function ApprovalList({ label, approvals, action }: ApprovalListProps) {
  return (
    <ul className={classes.list} aria-label={label}>
      {approvals.map((approval) => {
        const { id, item, person, reason, ticket, state, askedAt, decidedBy, comment, until } = approval;
        const [tone, word] = states[state];
        return (
          <li key={id} className={classes.approval}>
            <span className={classes.what}>
              <span>
                <b>{person}</b> on <b>{item.name}</b>, <RelativeTime at={askedAt} />
              </span>
              <span className={classes.reason}>
                {reason}
                {ticket === '' ? '' : ` (${ticket})`}
              </span>
              {decidedBy === null ? null : (
                <span className={classes.answer}>
                  {word} by {decidedBy}
                  {comment === '' ? '' : `: ${comment}`}
                  {state === 'approved' && until !== null ? (
                    <>
                      , until <RelativeTime at={until} />
                    </>
                  ) : null}
                </span>
              )}
            </span>
            <Tag tone={tone}>{word}</Tag>
            {action(approval)}
          </li>
        );
      })}
    </ul>
  );
}

function Open({ approval: { item, state } }: { approval: Approval }) {
  if (state !== 'approved') return null;
  return (
    <Button
      size="compact-sm"
      component="a"
      href={`/console/${item.type === 'jump-client' ? 'jump-clients' : item.type}/${item.id}`}
      variant="default"
    >
      Open
    </Button>
  );
}

function Decide({ approval }: { approval: Approval }) {
  const refresh = useRefresh();
  const [isDenying, setDenying] = useState<boolean | null>(null);
  const decide = useMutation({
    mutationFn: (decision: { approve: boolean; comment: string }) =>
      send('POST', `${paths.approvals}/${approval.id}`, decision),
    onSuccess: (_, { approve }) => {
      void refresh('/api/console');
      toast.done(approve ? 'Approved.' : 'Denied.');
    },
    onError: toast.failed,
    onSettled: () => setDenying(null),
  });
  return (
    <Group gap="xs">
      <Button size="compact-sm" onClick={() => setDenying(false)}>
        Approve
      </Button>
      <Button size="compact-sm" variant="default" onClick={() => setDenying(true)}>
        Deny
      </Button>
      <Modal
        opened={isDenying !== null}
        onClose={() => setDenying(null)}
        title={`${isDenying ? 'Deny' : 'Approve'} ${approval.person} on ${approval.item.name}`}
      >
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const comment = String(new FormData(event.currentTarget).get('comment') ?? '');
            decide.mutate({ approve: isDenying === false, comment });
          }}
        >
          <Stack gap="md">
            <div className={classes.reason}>{approval.reason}</div>
            <Textarea
              name="comment"
              label="Comment"
              description="The one who asked reads it."
              data-autofocus
              autosize
              minRows={2}
              maxLength={1_000}
            />
            <Group justify="flex-end" gap="sm">
              <Button variant="default" onClick={() => setDenying(null)}>
                Cancel
              </Button>
              <Button type="submit" loading={decide.isPending} {...(isDenying ? { color: 'red.9' } : {})}>
                {isDenying ? 'Deny' : 'Approve'}
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </Group>
  );
}
