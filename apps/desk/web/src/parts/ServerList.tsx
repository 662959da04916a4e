import { type ApiPath, DataTable, emptyView, type TableColumn, type TableView, useApi } from '@gatehouse/ui';
import { Select } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { List, Query } from '../api/paths.ts';

import { usePlace } from './address.ts';

/** One filter with a few fixed values. */
export interface Choice {
  readonly name: string;
  readonly title: string;
  /** What is shown while nothing is chosen. Default: any. */
  readonly usual?: string;
  readonly values: readonly { readonly value: string; readonly label: string }[];
}

interface ServerListProps<Row extends object> {
  id: string;
  label: string;
  columns: readonly TableColumn<Row>[];
  path(query: Query): ApiPath<List<Row>>;
  /** Always asked, such as `{ systemId }`. */
  fixed?: Query;
  choices?: readonly Choice[];
  rowId(row: Row): string;
  rowHref?(row: Row): string | undefined;
  searchLabel?: string;
  empty: ReactNode;
  /** Below others on a page: its place is not in the address. */
  isPart?: boolean;
  every?: number;
  extra?: ReactNode;
}

const pageSize = 50;
const none: readonly Choice[] = [];

/** A list that the server searches, filters and pages. */
export function ServerList<Row extends object>(props: ServerListProps<Row>) {
  const { path, fixed = {}, choices = none, isPart = false, every } = props;
  const [{ view: placed, picked }, place] = usePlace(choices.map(({ name }) => name));
  const [own, setOwn] = useState(emptyView);
  const view = isPart ? own : placed;
  const setView = (next: TableView) => (isPart ? setOwn(next) : place({ view: next }));
  const asked = { ...fixed, ...(isPart ? {} : picked), search: props.searchLabel === undefined ? '' : view.search };
  const list = useApi<List<Row>>(path({ ...asked, cursor: view.cursor ?? '', limit: String(pageSize) }), {
    keep: true,
    ...(every === undefined ? {} : { every }),
  });
  const isFiltered = !isPart && Object.values(picked).some((value) => value !== '');
  return (
    <DataTable<Row>
      id={`desk.${props.id}`}
      label={props.label}
      columns={props.columns}
      view={view}
      onView={setView}
      page={list.data}
      error={list.error}
      isStale={list.isPlaceholderData}
      onRetry={() => void list.refetch()}
      rowId={props.rowId}
      {...(props.rowHref === undefined ? {} : { rowHref: props.rowHref })}
      searchLabel={props.searchLabel}
      extra={
        <>
          {choices.map(({ name, title, usual = 'any', values }) => (
            <Select
              key={name}
              aria-label={title}
              placeholder={`${title}: ${usual}`}
              data={[...values]}
              value={picked[name] || null}
              onChange={(value) => place({ picked: { ...picked, [name]: value ?? '' } })}
              clearable
              clearButtonProps={{ 'aria-label': `Any ${title.toLowerCase()}` }}
              w={180}
            />
          ))}
          {props.extra}
        </>
      }
      {...(isFiltered ? {} : { empty: props.empty })}
      pageSize={pageSize}
    />
  );
}
