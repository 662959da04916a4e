import { Notice, Section, Tag } from '@gatehouse/ui';
import { Button, Text } from '@mantine/core';
import { IconArrowMerge, IconEqual, IconGitBranchDeleted } from '@tabler/icons-react';
import { useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import { get } from '../api/client.ts';
import { paths } from '../api/paths.ts';
import type { IdentityDetail } from '../api/types.ts';
import { useMay } from '../frame/frame-context.ts';
import { linkHref } from '../inventory/links.ts';
import classes from './identities.module.css';
import { MergeDialog } from './MergeDialog.tsx';

interface SuggestionsProps {
  tenantId: string;
  identityId: string;
  suggestions: IdentityDetail['suggestions'];
  conflicts: IdentityDetail['conflicts'];
}

/** What a rule found too weak to join by itself, and what it refused to join. A person decides. */
export function Suggestions({ tenantId, identityId, suggestions, conflicts }: SuggestionsProps) {
  const mayMerge = useMay('analyst');
  const [merged, setMerged] = useState<{ identityId: string; name: string } | null>(null);
  // The other account's record knows the identity that it would be merged from.
  const others = useQueries({
    queries: suggestions.map(({ account: { connection, stream, id } }) => {
      const path = paths.record(tenantId, 'accounts', new URLSearchParams({ connection, stream, id }));
      return { queryKey: [path], queryFn: ({ signal }: { signal: AbortSignal }) => get(path, signal) };
    }),
  });
  return (
    <>
      {suggestions.length === 0 ? null : (
        <Section title="Suggestions" lead="Not joined: the rule alone is too weak. Decide by hand." flush>
          <ul className={classes.suggestions}>
            {suggestions.map(({ suggestionId, account, left, right, why, confidence }, position) => {
              const other = others[position]?.data?.identity ?? null;
              return (
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
                  {mayMerge ? (
                    <Button
                      size="compact-sm"
                      variant="default"
                      leftSection={<IconArrowMerge size={15} />}
                      disabled={other === null || other.identityId === identityId}
                      onClick={() => setMerged(other)}
                    >
                      Merge
                    </Button>
                  ) : null}
                </li>
              );
            })}
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
      <MergeDialog
        tenantId={tenantId}
        opened={merged !== null}
        identities={merged === null ? [] : [{ identityId, name: 'This identity' }, merged]}
        onClose={() => setMerged(null)}
        onDone={() => setMerged(null)}
      />
    </>
  );
}
