import { count, PrivilegeBadge, RelativeTime, Section, send, Tag, toast, useRefresh, WordBadge } from '@gatehouse/ui';
import { Button, Checkbox, Group, Modal, Stack, Table, Text, TextInput, VisuallyHidden } from '@mantine/core';
import { IconArrowsSplit, IconEqual } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { paths } from '../api/paths.ts';
import type { Decision, IdentityLink, RecordLink } from '../api/types.ts';
import { useMay } from '../frame/tenant.ts';
import { linkHref } from '../inventory/links.ts';
import classes from './identities.module.css';
import { useUndo } from './MergeDialog.tsx';

const keyOf = ({ connection, stream, id }: RecordLink) => `${connection}/${stream}/${id}`;

/** The accounts of an identity, each with the rule, the evidence and the confidence that tie it to the others. */
export function AccountLinks({ tenantId, links }: { tenantId: string; links: readonly IdentityLink[] }) {
  const maySplit = useMay('analyst') && links.length > 1;
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [isSplitting, setSplitting] = useState(false);
  const toggle = (key: string) => {
    const next = new Set(selected);
    if (!next.delete(key)) next.add(key);
    setSelected(next);
  };
  return (
    <Section
      title="Accounts"
      lead="Never joined by display name."
      flush
      actions={
        maySplit ? (
          <Button
            variant="default"
            leftSection={<IconArrowsSplit size={16} />}
            disabled={selected.size === 0 || selected.size === links.length}
            onClick={() => setSplitting(true)}
          >
            Split off
          </Button>
        ) : undefined
      }
    >
      <div className={classes.scroll}>
        <Table
          className={classes.table ?? ''}
          aria-label="Accounts of this identity"
          horizontalSpacing="md"
          verticalSpacing={8}
        >
          <Table.Thead>
            <Table.Tr>
              {maySplit ? (
                <Table.Th w={40}>
                  <VisuallyHidden>Select</VisuallyHidden>
                </Table.Th>
              ) : null}
              <Table.Th>Account</Table.Th>
              <Table.Th>Status</Table.Th>
              <Table.Th>Privilege</Table.Th>
              <Table.Th>MFA strength</Table.Th>
              <Table.Th>Last active</Table.Th>
              <Table.Th>Belongs here because</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {links.map((link) => (
              <Table.Tr key={keyOf(link.account)}>
                {maySplit ? (
                  <Table.Td>
                    <Checkbox
                      size="xs"
                      aria-label={`Select ${link.account.label}`}
                      checked={selected.has(keyOf(link.account))}
                      onChange={() => toggle(keyOf(link.account))}
                    />
                  </Table.Td>
                ) : null}
                <Table.Td>
                  <a href={linkHref(tenantId, link.account)} className={classes.name}>
                    {link.account.label}
                  </a>
                  <Text size="xs" c="dimmed">
                    {link.connectionName}
                  </Text>
                </Table.Td>
                <Table.Td>{link.status === null ? '—' : <WordBadge word={link.status} />}</Table.Td>
                <Table.Td>
                  <PrivilegeBadge privilege={link.privilege} />
                </Table.Td>
                <Table.Td>
                  <WordBadge word={link.mfa} />
                </Table.Td>
                <Table.Td>
                  <RelativeTime at={link.lastActivityAt} none="Not known" />
                </Table.Td>
                <Table.Td>
                  <Because tenantId={tenantId} link={link} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      <SplitDialog
        tenantId={tenantId}
        opened={isSplitting}
        accounts={links.filter(({ account }) => selected.has(keyOf(account)))}
        onClose={() => setSplitting(false)}
        onDone={() => setSelected(new Set())}
      />
    </Section>
  );
}

function Because({ tenantId, link }: { tenantId: string; link: IdentityLink }) {
  return (
    <div className={classes.because}>
      <span>
        {link.ruleTitle}
        {link.decidedBy === null ? '' : `, by ${link.decidedBy}`}{' '}
        {link.rule === 'only' ? null : (
          <Tag tone={link.confidence >= 0.95 ? 'good' : link.confidence >= 0.85 ? 'low' : 'medium'}>
            {Math.round(link.confidence * 100)} %
          </Tag>
        )}
      </span>
      {link.evidence === null ? null : (
        <Text size="xs" c="dimmed" component="span" className={classes.evidence}>
          <code>{link.evidence.left}</code>
          <IconEqual size={12} aria-label="equals" />
          <code>{link.evidence.right}</code>
          of <a href={linkHref(tenantId, link.evidence.other)}>{link.evidence.other.label}</a>
        </Text>
      )}
    </div>
  );
}

interface SplitDialogProps {
  tenantId: string;
  opened: boolean;
  accounts: readonly IdentityLink[];
  onClose(): void;
  onDone(): void;
}

function SplitDialog({ tenantId, opened, accounts, onClose, onDone }: SplitDialogProps) {
  const refresh = useRefresh();
  const undo = useUndo(tenantId);
  const isOne = accounts.length === 1;
  const split = useMutation({
    mutationFn: (reason: string) =>
      send<Decision>('POST', `${paths.tenant(tenantId)}/identities/split`, {
        accounts: accounts.map(({ account: { connection, stream, id } }) => ({ connection, stream, id })),
        reason,
      }),
    onSuccess: ({ decisionId }) => {
      onDone();
      onClose();
      void refresh(paths.tenant(tenantId));
      toast.done(
        `Split off. ${isOne ? 'The account is' : 'The accounts are'} an identity of ${isOne ? 'its' : 'their'} own now.`,
        () => undo.mutate(decisionId),
      );
    },
    onError: toast.failed,
  });
  return (
    <Modal opened={opened} onClose={onClose} title={`Split off ${count(accounts.length, 'account')}?`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          split.mutate(String(new FormData(event.currentTarget).get('reason') ?? ''));
        }}
      >
        <Stack gap="md">
          <Text size="sm">
            {isOne ? 'It becomes an identity of its own.' : 'They become an identity of their own.'} No rule will join{' '}
            {isOne ? 'it' : 'them'} to this one again, until it is undone.
          </Text>
          <ul style={{ margin: 0, paddingLeft: 20 }}>
            {accounts.map(({ account, connectionName }) => (
              <li key={keyOf(account)}>
                {account.label} ({connectionName})
              </li>
            ))}
          </ul>
          <TextInput
            name="reason"
            label="Reason"
            placeholder="Why they are not the same"
            maxLength={500}
            data-autofocus
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={split.isPending}>
              Split off
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
