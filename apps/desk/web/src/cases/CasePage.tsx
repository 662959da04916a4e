import { Loaded, Notice, Page, Section, useApi, useCrumbs } from '@gatehouse/ui';
import { Group, Stack, Text } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { paths, type WholeCase } from '../api/paths.ts';
import { useMe } from '../frame/use-me.ts';
import { useParam } from '../parts/address.ts';
import { RemoveButton } from '../parts/RemoveButton.tsx';
import { SafeHtml } from '../parts/SafeHtml.tsx';
import classes from './Case.module.css';
import { CaseChats } from './CaseChats.tsx';
import { CaseFacts } from './CaseFacts.tsx';
import { CaseFields } from './CaseFields.tsx';
import { CaseHistory } from './CaseHistory.tsx';
import { CaseSessions } from './CaseSessions.tsx';
import { Conversation } from './Conversation.tsx';
import { EditButton } from './EditButton.tsx';
import { MergeButton } from './MergeButton.tsx';
import { StatusTag } from './words.tsx';

export function CasePage() {
  const key = useParam('key');
  const one = useApi(paths.case(key), { every: 30_000 });
  useCrumbs({ title: 'Cases', href: '/cases' }, { title: one.data?.number ?? key });
  return (
    <Loaded query={one} rows={6} height={44}>
      {(found) => <Known key={found.id} one={found} asked={key} />}
    </Loaded>
  );
}

function Known({ one, asked }: { one: WholeCase; asked: string }) {
  const me = useMe();
  const { history } = useRouter();
  const { id, number, subject, status, description } = one;
  const isDesk = me?.isCustomer === false;
  const isOther = asked.toUpperCase() !== number && asked !== id;
  return (
    <Page
      title={subject}
      lead={number}
      aside={<StatusTag status={status} />}
      actions={
        isDesk ? (
          <Group gap="xs">
            <EditButton one={one} />
            <MergeButton one={one} />
            {me.mayManage ? (
              <RemoveButton
                path={`/api/cases/${id}`}
                title={`Delete ${number}?`}
                action="Delete"
                done="Case deleted."
                refresh={['/api/cases?']}
                onDone={() => history.push('/cases')}
              >
                Its conversation, its fields and the cases that were merged into it are deleted with it, for good.
              </RemoveButton>
            ) : null}
          </Group>
        ) : undefined
      }
    >
      {isOther ? (
        <Notice tone="low" title={`${asked} was merged into this case`}>
          What was said there is in the conversation here.
        </Notice>
      ) : null}
      <div className={classes.columns}>
        <Stack gap="md" miw={0}>
          <Section title="Description">
            {description === '' ? <Text c="dimmed">Nobody described it.</Text> : <SafeHtml html={description} />}
          </Section>
          <Conversation one={one} isDesk={isDesk} />
          {isDesk ? null : <CaseChats number={number} />}
        </Stack>
        {isDesk ? (
          <Stack gap="md" miw={0}>
            <CaseFacts one={one} me={me.id} />
            <CaseSessions caseId={id} number={number} />
            <CaseFields one={one} />
            <CaseHistory number={number} />
          </Stack>
        ) : null}
      </div>
    </Page>
  );
}
