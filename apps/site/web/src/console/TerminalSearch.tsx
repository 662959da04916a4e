import { ActionIcon, TextInput } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconX } from '@tabler/icons-react';
import type { ISearchOptions, SearchAddon } from '@xterm/addon-search';
import { useEffect, useState } from 'react';
import classes from './Terminal.module.css';

const looks: ISearchOptions = {
  decorations: { matchOverviewRuler: '#c98a1e', activeMatchColorOverviewRuler: '#c98a1e', matchBackground: '#7a5b12' },
};

/** Finds words in what the terminal shows and has shown. */
export function TerminalSearch({ search, onClose }: { search: SearchAddon; onClose(): void }) {
  const [words, setWords] = useState('');
  const [found, setFound] = useState<{ readonly at: number; readonly count: number } | null>(null);
  useEffect(() => {
    const listening = search.onDidChangeResults(({ resultIndex, resultCount }) =>
      setFound({ at: resultIndex + 1, count: resultCount }),
    );
    return () => listening.dispose();
  }, [search]);
  return (
    <search className={classes.search}>
      <TextInput
        size="xs"
        aria-label="Search in the terminal"
        placeholder="Search in the terminal"
        data-autofocus
        autoFocus
        value={words}
        onChange={(event) => {
          const next = event.currentTarget.value;
          setWords(next);
          if (next === '') search.clearDecorations();
          else search.findPrevious(next, looks);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onClose();
          if (event.key !== 'Enter' || words === '') return;
          event.preventDefault();
          if (event.shiftKey) search.findNext(words, looks);
          else search.findPrevious(words, looks);
        }}
      />
      <span className={classes.found} role="status">
        {words === '' || found === null ? '' : found.count === 0 ? 'Not found' : `${found.at} of ${found.count}`}
      </span>
      <ActionIcon aria-label="Older match" disabled={words === ''} onClick={() => search.findPrevious(words, looks)}>
        <IconChevronUp size={16} />
      </ActionIcon>
      <ActionIcon aria-label="Newer match" disabled={words === ''} onClick={() => search.findNext(words, looks)}>
        <IconChevronDown size={16} />
      </ActionIcon>
      <ActionIcon aria-label="Close the search" onClick={onClose}>
        <IconX size={16} />
      </ActionIcon>
    </search>
  );
}
