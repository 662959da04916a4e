import { send, toProblem } from '@gatehouse/ui';
import { Button, Code, Group, Stack, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { PasswordRules, PolicyTrial } from '../api/types.ts';

/** How strong passwords of these rules are, with one that was made for this page and opens nothing. */
export function PolicyExample({ rules }: { rules: PasswordRules }) {
  const settled = useSettled(JSON.stringify(rules));
  const trial = useQuery({
    queryKey: ['policy trial', settled],
    queryFn: () => send<PolicyTrial>('POST', '/api/policies/try', JSON.parse(settled)),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (before: PolicyTrial | undefined) => before,
  });
  const problem = trial.error === null ? null : toProblem(trial.error);
  return (
    <Stack gap={6} role="status" aria-label="Example">
      <Text size="sm" fw={600}>
        An example
      </Text>
      {problem === null ? (
        <>
          <Group gap="sm">
            <Code fz="sm" style={{ overflowWrap: 'anywhere' }}>
              {trial.data?.example ?? '…'}
            </Code>
            <Button
              size="compact-sm"
              variant="subtle"
              leftSection={<IconRefresh size={15} />}
              onClick={() => void trial.refetch()}
            >
              Another
            </Button>
          </Group>
          <Text size="sm" c="dimmed">
            {trial.data === undefined ? '…' : `${trial.data.bits} bits: ${strengthOf(trial.data.bits)}`}
          </Text>
        </>
      ) : (
        <Text size="sm" c="var(--mantine-color-error)">
          {[problem.detail, ...Object.values(problem.fields)].join(' ')}
        </Text>
      )}
    </Stack>
  );
}

const strengthOf = (bits: number): string =>
  bits >= 100 ? 'nobody guesses it' : bits >= 75 ? 'strong' : bits >= 60 ? 'enough where guesses are slowed' : 'weak';

/** The text once typing rests. */
const useSettled = (text: string): string => {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), 300);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
};
