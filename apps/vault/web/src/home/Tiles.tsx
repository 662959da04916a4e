import { count, formatNumber, Loaded, Tag, toast, useApi } from '@gatehouse/ui';
import { Anchor, Button, Group, Paper, SimpleGrid, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { paths } from '../api/paths.ts';
import type { Overview, Verdict } from '../api/types.ts';
import { useSend } from '../parts/use-send.ts';

/** How the vault stands. */
export function Tiles() {
  const overview = useApi(paths.overview, { every: 15_000 });
  return (
    <Loaded query={overview} rows={2} height={80}>
      {(of) => (
        <>
          {of.systems === 0 ? <FirstSteps /> : null}
          <Grid of={of} />
        </>
      )}
    </Loaded>
  );
}

function Grid({ of }: { of: Overview }) {
  return (
    <SimpleGrid cols={{ base: 2, md: 3 }} spacing="sm">
      <Tile title="Credentials" value={of.credentials} href="/credentials">
        {count(of.withoutSecret, 'credential')} without a password
      </Tile>
      <Tile
        title="Failing verifications"
        value={of.failing}
        href="/credentials?isVerified=false"
        isBad={of.failing > 0}
      >
        {of.failing === 0 ? 'Every stored password that was tried works' : 'Their stored password does not work'}
      </Tile>
      <Tile title="Jobs due or running" value={of.jobsRunning} href="/jobs">
        <Anchor fz="sm" href="/jobs?state=failed">
          {formatNumber(of.jobsFailed)} failed
        </Anchor>
      </Tile>
      <Tile title="Active check-outs" value={of.checkouts} href="/checkouts">
        Passwords that somebody has now
      </Tile>
      <Tile title="Pending requests" value={of.requests} href="/requests">
        Wait for whoever may grant them
      </Tile>
      <AuditTile entries={of.auditEntries} />
    </SimpleGrid>
  );
}

interface TileProps {
  title: string;
  value: number;
  href: string;
  isBad?: boolean;
  children: ReactNode;
}

function Tile({ title, value, href, isBad, children }: TileProps) {
  return (
    <Paper p="md" withBorder>
      <Group justify="space-between" wrap="nowrap">
        <Anchor href={href} fz="sm" fw={600}>
          {title}
        </Anchor>
        {isBad ? <Tag tone="critical">Look</Tag> : null}
      </Group>
      <Text fz={28} fw={650} lh={1.3}>
        {formatNumber(value)}
      </Text>
      <Text size="sm" c="dimmed" component="div">
        {children}
      </Text>
    </Paper>
  );
}

function AuditTile({ entries }: { entries: number }) {
  const verify = useSend<Verdict>({
    onDone: ({ isWhole }) => (isWhole ? toast.done('The audit is whole.') : undefined),
  });
  const verdict = verify.data;
  return (
    <Paper p="md" withBorder>
      <Group justify="space-between" wrap="nowrap">
        <Anchor href="/audit" fz="sm" fw={600}>
          Audit entries
        </Anchor>
        {verdict === undefined ? null : (
          <Tag tone={verdict.isWhole ? 'good' : 'critical'}>{verdict.isWhole ? 'Whole' : 'Broken'}</Tag>
        )}
      </Group>
      <Text fz={28} fw={650} lh={1.3}>
        {formatNumber(entries)}
      </Text>
      <Button
        size="compact-sm"
        variant="default"
        loading={verify.isPending}
        onClick={() => verify.mutate({ method: 'POST', path: '/api/audit/verify' })}
      >
        Verify the chain
      </Button>
    </Paper>
  );
}

function FirstSteps() {
  return (
    <Paper p="md" withBorder mb="sm">
      <Text fw={600}>To begin with</Text>
      <Text size="sm" component="div">
        <ol style={{ margin: '6px 0 0', paddingLeft: 20 }}>
          <li>
            <Anchor href="/systems/new" fz="sm">
              Add a system
            </Anchor>{' '}
            and pin its host key.
          </li>
          <li>
            <Anchor href="/credentials/new" fz="sm">
              Add a credential
            </Anchor>{' '}
            with its password, and choose “Change now”.
          </li>
          <li>
            <Anchor href="/people" fz="sm">
              Invite people
            </Anchor>
            , link{' '}
            <Anchor href="/identities" fz="sm">
              identities
            </Anchor>{' '}
            with them and give them rights.
          </li>
        </ol>
      </Text>
    </Paper>
  );
}
