import { Button, CloseButton, Pill, TextInput } from '@mantine/core';
import { IconDownload, IconSearch } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { ColumnChooser } from './ColumnChooser.tsx';
import type { TableColumn, TableView } from './column.ts';
import classes from './DataTable.module.css';
import { FilterBuilder } from './FilterBuilder.tsx';
import { filterWords, parseFilter } from './filter.ts';
import { type NamedView, SavedViews } from './SavedViews.tsx';

export interface ToolbarProps {
  id: string;
  columns: readonly TableColumn<never>[];
  shown: readonly string[];
  onShown(shown: readonly string[] | null): void;
  view: TableView;
  onView(view: TableView): void;
  /** What the search box searches: "Search accounts". Absent: no search. */
  searchLabel?: string | undefined;
  exportHref?: string | undefined;
  presets?: readonly NamedView[] | undefined;
  /** Filters of the page itself, before the builder. */
  extra?: ReactNode;
}

export function Toolbar(props: ToolbarProps) {
  const { view, onView, columns } = props;
  const filterable = columns.filter(({ filter }) => filter !== false);
  const change = (part: Partial<TableView>) => onView({ ...view, ...part, cursor: null, before: [] });
  return (
    <div className={classes.tools}>
      <div className={classes.toolRow}>
        {props.searchLabel === undefined ? null : (
          <SearchBox label={props.searchLabel} value={view.search} onSearch={(search) => change({ search })} />
        )}
        {props.extra}
        {filterable.length === 0 ? null : (
          <FilterBuilder
            columns={filterable}
            onAdd={(filter) => change({ filters: [...view.filters.filter((one) => one !== filter), filter] })}
          />
        )}
        <span className={classes.space} />
        {filterable.length === 0 ? null : (
          <SavedViews id={props.id} presets={props.presets ?? []} view={view} onView={onView} />
        )}
        <ColumnChooser columns={columns} shown={props.shown} onChange={props.onShown} />
        {props.exportHref === undefined ? null : (
          <Button
            component="a"
            href={props.exportHref}
            download
            variant="default"
            leftSection={<IconDownload size={16} />}
          >
            CSV
          </Button>
        )}
      </div>
      {view.filters.length === 0 ? null : (
        <ul className={classes.chips} aria-label="Filters">
          {view.filters.map((text) => {
            const filter = parseFilter(text);
            const words =
              filter === null
                ? text
                : filterWords(
                    filter,
                    columns.find(({ name }) => name === filter.column),
                  );
            return (
              <li key={text}>
                <Pill
                  size="md"
                  withRemoveButton
                  title={words}
                  removeButtonProps={{ 'aria-label': `Remove filter: ${words}`, tabIndex: 0, 'aria-hidden': false }}
                  onRemove={() => change({ filters: view.filters.filter((one) => one !== text) })}
                >
                  {words}
                </Pill>
              </li>
            );
          })}
          <li>
            <Button size="compact-sm" variant="subtle" onClick={() => change({ filters: [] })}>
              Clear filters
            </Button>
          </li>
        </ul>
      )}
    </div>
  );
}

/** Asks the server once typing rests. */
export function SearchBox({ label, value, onSearch }: { label: string; value: string; onSearch(value: string): void }) {
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => setText(value), [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const search = (next: string, delayMs: number) => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onSearch(next.trim()), delayMs);
  };
  return (
    <TextInput
      data-search-box
      type="search"
      className={classes.search ?? ''}
      aria-label={label}
      placeholder={`${label}…`}
      leftSection={<IconSearch size={16} />}
      rightSection={
        text === '' ? null : <CloseButton size="sm" aria-label="Clear search" onClick={() => search('', 0)} />
      }
      value={text}
      maxLength={200}
      onChange={(event) => search(event.currentTarget.value, 300)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') search(text, 0);
        if (event.key === 'Escape') search('', 0);
      }}
    />
  );
}
