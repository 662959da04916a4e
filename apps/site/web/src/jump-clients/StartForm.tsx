import { Notice, toProblem, useRefresh } from '@gatehouse/ui';
import { Button, Group, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReachedDetail } from '../../../src/api/jump-clients.ts';
import { paths } from '../api/paths.ts';
import { ApprovalCard } from '../console/ApprovalCard.tsx';
import { Prompts } from '../console/Prompts.tsx';
import { type Said, useSaying } from '../console/use-saying.ts';
import { leftOf, type Start } from './use-start.ts';

interface StartFormProps<T> {
  client: ReachedDetail;
  start: Start<T>;
  /** On the button. */
  word: string;
}

/** What the conditions of a Jump Client ask for, and the button that begins. */
export function StartForm<T>({ client, start, word }: StartFormProps<T>) {
  const { id } = client;
  const { run, onBegun, ticket = '' } = start;
  const refresh = useRefresh();
  const begin = useMutation({
    mutationFn: (said: Said) => run(id, said),
    onSuccess: onBegun,
    // What stands in the way may be a condition that changed.
    onError: () => void refresh(paths.reachedClient(id)),
  });
  const conditions = leftOf(client.conditions, ticket);
  const saying = useSaying(conditions, begin.error === null ? null : toProblem(begin.error), ticket);
  const { problem, isAllowed, said } = saying;
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (saying.check()) begin.mutate(said);
      }}
    >
      <Stack gap="md">
        <Prompts conditions={conditions} saying={saying} />
        <ApprovalCard path={`${paths.reachedClient(id)}/approvals`} conditions={conditions} saying={saying} />
        {problem === null || begin.isPending ? null : (
          <Notice tone="critical" title={problem.title} isUrgent>
            {problem.detail}
          </Notice>
        )}
        <Group justify="flex-end">
          <Button type="submit" disabled={!isAllowed} loading={begin.isPending || begin.isSuccess}>
            {word}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
