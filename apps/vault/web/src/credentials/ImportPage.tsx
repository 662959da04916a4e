import { count, Facts, Notice, Page, Problem, Section, send, toProblem, useCrumbs, useRefresh } from '@gatehouse/ui';
import { Button, Checkbox, Code, FileButton, Group, Stack, Table, Text } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { csvColumns } from '../../../src/api/csv-columns.ts';
import type { ImportResult } from '../api/types.ts';

/** Credentials from a file: nothing changes while any row is wrong, unless faulty rows are left out on purpose. */
export function ImportPage() {
  useCrumbs({ title: 'Credentials', href: '/credentials' }, { title: 'Import' });
  const refresh = useRefresh();
  const [file, setFile] = useState<File | null>(null);
  const [skips, setSkips] = useState(false);
  const [keeps, setKeeps] = useState(false);
  const load = useMutation({
    mutationFn: (chosen: File) =>
      send<ImportResult>(
        'POST',
        `/api/credentials/import?existing=${keeps ? 'keep' : 'change'}${skips ? '&skip=faulty' : ''}`,
        new Blob([chosen], { type: 'text/csv' }),
      ),
    onSuccess: () => {
      for (const prefix of ['/api/credentials', '/api/systems', '/api/overview']) void refresh(prefix);
    },
  });
  return (
    <Page title="Import credentials" lead="A CSV file with the columns that Privileged Identity exports and imports.">
      <Section title="File">
        <Stack gap="md">
          <Text size="sm">
            The first line names the columns, in any case: <Code>{csvColumns.join(',')}</Code>. Systems that are not
            there yet are added. A row whose account is there already changes it.
          </Text>
          <Group>
            <FileButton accept=".csv,text/csv" onChange={setFile}>
              {(button) => (
                <Button {...button} variant="default" leftSection={<IconFileUpload size={16} />}>
                  Choose a file
                </Button>
              )}
            </FileButton>
            <Text size="sm">{file === null ? 'No file chosen' : file.name}</Text>
          </Group>
          <Checkbox
            label="Leave credentials that are there already as they are"
            checked={keeps}
            onChange={(event) => setKeeps(event.currentTarget.checked)}
          />
          <Checkbox
            label="Leave out rows with faults, and import the others"
            checked={skips}
            onChange={(event) => setSkips(event.currentTarget.checked)}
          />
          <Group>
            <Button
              disabled={file === null}
              loading={load.isPending}
              onClick={() => {
                if (file !== null) load.mutate(file);
              }}
            >
              Import
            </Button>
          </Group>
        </Stack>
      </Section>
      {load.error === null ? null : <Refused error={load.error} />}
      {load.data === undefined ? null : <Done result={load.data} />}
    </Page>
  );
}

function Refused({ error }: { error: Error }) {
  const { title, detail, fields } = error instanceof Problem ? error : toProblem(error);
  const faults = Object.entries(fields).map(([field, message]) => ({ ...placeOf(field), message }));
  return (
    <>
      <Notice tone="critical" title={faults.length > 0 ? 'Nothing was imported' : title} isUrgent>
        {faults.length > 0 ? 'Correct these rows and choose the file again, or leave them out.' : detail}
      </Notice>
      {faults.length > 0 ? <Faults faults={faults} /> : null}
    </>
  );
}

/** `line 3, AccountName`, as the server names a place. */
const placeOf = (field: string) => {
  const [, line = '', column = field] = /^line (\d+), (.*)$/.exec(field) ?? [];
  return { line, column };
};

function Done({ result }: { result: ImportResult }) {
  return (
    <>
      <Section title="Imported">
        <Facts
          narrow
          facts={[
            { title: 'Added', value: count(result.created, 'credential') },
            { title: 'Changed', value: count(result.changed, 'credential') },
            { title: 'As they were', value: count(result.kept, 'credential') },
            { title: 'Systems added', value: String(result.systemsCreated) },
            { title: 'Left out', value: count(result.skipped, 'row') },
          ]}
        />
        <Button component="a" href="/credentials" variant="default" mt="md">
          To the credentials
        </Button>
      </Section>
      {result.faults.length > 0 ? <Faults faults={result.faults} /> : null}
    </>
  );
}

interface Fault {
  readonly line: number | string;
  readonly column: string;
  readonly message: string;
}

function Faults({ faults }: { faults: readonly Fault[] }) {
  return (
    <Section title="Faults" lead="The first hundred, by their place in the file." flush>
      <Table.ScrollContainer minWidth={420}>
        <Table aria-label="Faults" fz="sm" horizontalSpacing="md">
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={80}>Line</Table.Th>
              <Table.Th w={160}>Column</Table.Th>
              <Table.Th>What is wrong</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {faults.map(({ line, column, message }) => (
              <Table.Tr key={`${line} ${column}`}>
                <Table.Td>{line}</Table.Td>
                <Table.Td>{column}</Table.Td>
                <Table.Td>{message}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Section>
  );
}
