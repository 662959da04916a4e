import { Button, Select, Switch, TextInput, useComputedColorScheme } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useApi } from '../program/client.ts';
import type { ApiPath } from '../program/path.ts';
import { emptyView, type TableColumn, type TablePage, type TableView } from '../table/column.ts';
import { DataTable } from '../table/DataTable.tsx';
import { type Query, usePlace } from './place.ts';

/** A filter: one of a few fixed values, one value or none, or a day. */
export type ListChoice = { readonly name: string; readonly title: string } & (
  | {
      /** What is shown while nothing is chosen. Default: any. */
      readonly usual?: string;
      readonly values: readonly { readonly value: string; readonly label: string }[];
    }
  | { readonly toggle: string }
  | { readonly day: true }
);

/** A page of a list; one that is not counted says only whether there is more. */
interface Listed<Row> {
  readonly items: readonly Row[];
  readonly next: string | null;
  readonly total?: TablePage<Row>['total'];
}

export interface ServerListProps<Row extends object> {
  id: string;
  label: string;
  columns: readonly TableColumn<Row>[];
  path(query: Query): ApiPath<Listed<Row>>;
  /** Always asked, such as `{ systemId }`. */
  fixed?: Query;
  choices?: readonly ListChoice[];
  rowId(row: Row): string;
  rowHref?(row: Row): string | undefined;
  searchLabel?: string;
  empty: ReactNode;
  /** Below others on a page: its place is not in the address. */
  isPart?: boolean;
  every?: number;
  extra?: ReactNode;
  /** The whole list as files, by what is asked of it. */
  files?: readonly { readonly title: string; address(query: Query): string }[];
}

const pageSize = 50;
const none: readonly ListChoice[] = [];
const noFiles: NonNullable<ServerListProps<object>['files']> = [];

/** A list that the server searches, filters and pages. */
export function ServerList<Row extends object>(props: ServerListProps<Row>) {
  const { path, fixed = {}, choices = none, isPart = false, every, files = noFiles } = props;
  const [placed, place] = usePlace(choices.map(({ name }) => name));
  const [own, setOwn] = useState<typeof placed>({ view: emptyView, picked: {} });
  const { view, picked } = isPart ? own : placed;
  const change = (next: Partial<typeof placed>) =>
    isPart ? setOwn({ view: { ...view, cursor: null, before: [] }, picked, ...next }) : place(next);
  const asked = { ...fixed, ...picked, search: props.searchLabel === undefined ? '' : view.search };
  const list = useApi(path({ ...asked, cursor: view.cursor ?? '', limit: String(pageSize) }), {
    keep: true,
    ...(every === undefined ? {} : { every }),
  });
  const isFiltered = Object.values(picked).some((value) => value !== '');
  return (
    <DataTable<Row>
      id={props.id}
      label={props.label}
      columns={props.columns}
      view={view}
      onView={(next) => change({ view: next })}
      page={list.data && counted(list.data, view)}
      error={list.error}
      isStale={list.isPlaceholderData}
      onRetry={() => void list.refetch()}
      rowId={props.rowId}
      {...(props.rowHref === undefined ? {} : { rowHref: props.rowHref })}
      searchLabel={props.searchLabel}
      extra={
        <>
          {choices.map((choice) => (
            <Choose
              key={choice.name}
              choice={choice}
              value={picked[choice.name] ?? ''}
              onPick={(value) => change({ picked: { ...picked, [choice.name]: value } })}
            />
          ))}
          {props.extra}
          {(list.data?.items.length ?? 0) === 0
            ? null
            : files.map(({ title, address }) => (
                <Button
                  key={title}
                  component="a"
                  href={address(asked)}
                  download
                  variant="default"
                  leftSection={<IconDownload size={16} />}
                  title="Everything that the list has, not only this page"
                >
                  {title}
                </Button>
              ))}
        </>
      }
      {...(isFiltered ? {} : { empty: props.empty })}
      isFiltered={isFiltered}
      pageSize={pageSize}
    />
  );
}

interface ChooseProps {
  choice: ListChoice;
  /** Empty: nothing. */
  value: string;
  onPick(value: string): void;
}

function Choose({ choice, value, onPick }: ChooseProps) {
  const { title } = choice;
  const colorScheme = useComputedColorScheme();
  if ('toggle' in choice)
    return (
      <Switch
        label={title}
        checked={value === choice.toggle}
        onChange={(event) => onPick(event.currentTarget.checked ? choice.toggle : '')}
      />
    );
  if ('day' in choice)
    return (
      <TextInput
        type="date"
        aria-label={title}
        title={title}
        leftSection={<span aria-hidden>{title}</span>}
        leftSectionWidth={title.length * 8 + 16}
        // The calendar is drawn by the browser.
        styles={{ input: { colorScheme } }}
        value={value}
        max="9999-12-31"
        onChange={(event) => onPick(event.currentTarget.value)}
      />
    );
  const { usual = 'any', values } = choice;
  return (
    <Select
      aria-label={title}
      placeholder={`${title}: ${usual}`}
      data={[...values]}
      value={value || null}
      onChange={(picked) => onPick(picked ?? '')}
      clearable
      clearButtonProps={{ 'aria-label': `Any ${title.toLowerCase()}` }}
      w={180}
    />
  );
}

/** Of a list that is not counted, as much as is known. */
const counted = <Row,>({ items, next, total }: Listed<Row>, { before }: TableView): TablePage<Row> => ({
  items,
  next,
  total: total ?? { value: before.length * pageSize + items.length, exact: next === null },
});
