import { Notice, Section, send, Tag, toast, useRefresh } from '@gatehouse/ui';
import { Button, Group, Text } from '@mantine/core';
import { IconArrowMerge, IconEqual, IconGitBranchDeleted, IconX } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { paths } from '../api/paths.ts';
import type { IdentityDetail } from '../api/types.ts';
import { useMay } from '../frame/tenant.ts';
import { linkHref } from '../inventory/links.ts';
import classes from './identities.module.css';

interface SuggestionsProps {
  tenantId: string;
  suggestions: IdentityDetail['suggestions'];
  conflicts: IdentityDetail['conflicts'];
}

/** What a rule found too weak to join by itself, and what it refused to join. A person decides. */
export function Suggestions({ tenantId, suggestions, conflicts }: SuggestionsProps) {
  const mayDecide = useMay('analyst');
  const refresh = useRefresh();
  const decide = useMutation({
    mutationFn: ({ suggestionId, verb }: { suggestionId: string; verb: 'accept' | 'reject' }) =>
      send<null>('POST', `${paths.tenant(tenantId)}/identities/suggestions/${suggestionId}/${verb}`),
    onSuccess: (_answer, { verb }) => {
      void refresh(paths.tenant(tenantId));
      toast.done(
        verb === 'accept'
          ? 'Merged. The decision can be undone under “Decisions by hand”.'
          : 'Noted. This is not suggested again.',
      );
    },
    onError: toast.failed,
  });
  return (
    <>
      {suggestions.length === 0 ? null : (
        <Section title="Suggestions" lead="Not joined: the rule alone is too weak. Decide by hand." flush>
          <ul className={classes.suggestions}>
            {suggestions.map(({ suggestionId, account, left, right, why, confidence }) => (
              <li key={suggestionId}>
                <span className={classes.because}>
                  <span>
                    <a href={linkHref(tenantId, account)} className={classes.name}>
                      {account.label}
                    </a>{' '}
                    <Tag tone="medium">{Math.round(confidence * 100)} %</Tag>
                  </span>
                  <Text size="xs" c="dimmed" component="span" className={classes.evidence}>
                    {why} <code>{left}</code> <IconEqual size={12} aria-label="equals" /> <code>{right}</code>
                  </Text>
                </span>
                {mayDecide ? (
                  <Group gap="xs" wrap="nowrap">
                    <Button
                      size="compact-sm"
                      variant="default"
                      leftSection={<IconArrowMerge size={15} />}
                      disabled={decide.isPending}
                      onClick={() => decide.mutate({ suggestionId, verb: 'accept' })}
                    >
                      Same: merge
                    </Button>
                    <Button
                      size="compact-sm"
                      variant="default"
                      leftSection={<IconX size={15} />}
                      disabled={decide.isPending}
                      onClick={() => decide.mutate({ suggestionId, verb: 'reject' })}
                    >
                      Not the same
                    </Button>
                  </Group>
                ) : null}
              </li>
            ))}
          </ul>
        </Section>
      )}
      {conflicts.map(({ account, why }) => (
        <Notice
          key={`${account.connection}:${account.id}`}
          tone="medium"
          icon={<IconGitBranchDeleted size={17} />}
          title={
            <>
              Not joined with <a href={linkHref(tenantId, account)}>{account.label}</a>
            </>
          }
        >
          {why}
        </Notice>
      ))}
    </>
  );
}
