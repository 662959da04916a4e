import { Facts, Section, SideScroll } from '@gatehouse/ui';
import { Stack, Table, Title } from '@mantine/core';
import { z } from 'zod';
import type { SupportEvent } from './use-events.ts';

const Field = z.object({ name: z.string(), value: z.string().catch('') });
const Category = z.object({
  name: z.string(),
  fields: z.array(Field).catch([]),
  rows: z.array(z.array(Field)).catch([]),
});
const Body = z.object({ categories: z.array(Category).catch([]) });

/** What the machine of the customer said about itself, as it was said last. */
export function SystemInformation({ events }: { events: readonly SupportEvent[] }) {
  const last = events.findLast(({ type }) => type === 'system_information');
  if (last === undefined) return null;
  const { categories } = Body.parse(last.body);
  return (
    <Section title="System information" lead="As the machine of the customer says; nobody proves it.">
      <Stack gap="md">
        {categories.map(({ name, fields, rows }) => (
          <div key={name}>
            <Title order={3} fz="sm" mb={6}>
              {name}
            </Title>
            {fields.length === 0 ? null : (
              <Facts facts={fields.map(({ name: title, value }) => ({ title, value: value || null }))} />
            )}
            {rows.length === 0 ? null : <Rows name={name} rows={rows} />}
          </div>
        ))}
      </Stack>
    </Section>
  );
}

function Rows({ name, rows }: { name: string; rows: readonly (readonly z.output<typeof Field>[])[] }) {
  const titles = [...new Set(rows.flatMap((row) => row.map((one) => one.name)))];
  return (
    <SideScroll label={`${name} of the machine`}>
      <Table fz="sm" aria-label={name} verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            {titles.map((title) => (
              <Table.Th key={title}>{title}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.slice(0, 1_000).map((row, index) => (
            <Table.Tr key={String(index)}>
              {titles.map((title) => (
                <Table.Td key={title}>{row.find((one) => one.name === title)?.value ?? ''}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </SideScroll>
  );
}
