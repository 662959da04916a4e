import { formatTime, Notice, send, toast, toProblem, useRefresh } from '@gatehouse/ui';
import { Button, Group } from '@mantine/core';
import { IconCircleCheck, IconClock, IconUserCheck } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { Conditions } from '../../../src/api/console.ts';
import type { Saying } from './use-saying.ts';

interface ApprovalCardProps {
  /** Where it is asked for. */
  path: string;
  conditions: Conditions;
  saying: Saying;
}

/** Where the approval of a session stands, and what to do about it. */
export function ApprovalCard({ path, conditions, saying }: ApprovalCardProps) {
  const refresh = useRefresh();
  const ask = useMutation({
    mutationFn: () => send('POST', path, { reason: saying.said.reason, ticket: saying.said.ticket }),
    onSuccess: () => {
      void refresh('/api/console');
      toast.done('Approval asked for.');
    },
  });
  const { state, approvers, until } = conditions.approval;
  const who = approvers === '' ? 'Somebody who may approve it' : approvers;
  if (state === 'not-needed') return null;
  if (state === 'approved')
    return (
      <Notice tone="low" icon={<IconCircleCheck size={17} />} title="Approved">
        {until === null ? 'You may open the session.' : `You may open it until ${formatTime(new Date(until))}.`}
      </Notice>
    );
  if (state === 'waiting')
    return (
      <Notice tone="medium" icon={<IconClock size={17} />} title="Waiting for an approval">
        {who} has been asked. This page notices by itself; you may also come back later.
      </Notice>
    );
  const problem = ask.error === null ? null : toProblem(ask.error);
  return (
    <Notice
      tone={state === 'denied' ? 'critical' : 'medium'}
      icon={<IconUserCheck size={17} />}
      title={state === 'denied' ? 'The approval was denied' : 'This session needs an approval'}
    >
      <Group gap="sm" justify="space-between">
        <span>
          {state === 'denied'
            ? 'See what was answered under Approvals, and ask again with a better reason.'
            : `${who} decides.`}
        </span>
        <Button
          size="compact-sm"
          loading={ask.isPending}
          onClick={() => {
            if (saying.check(conditions.ticketRequired ? ['reason', 'ticket'] : ['reason'])) ask.mutate();
          }}
        >
          {state === 'denied' ? 'Ask again' : 'Ask for approval'}
        </Button>
      </Group>
      {problem === null ? null : <div role="alert">{problem.message}</div>}
    </Notice>
  );
}
