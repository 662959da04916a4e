import { formatTime } from '@gatehouse/ui';
import { ActionIcon, Menu } from '@mantine/core';
import { IconDots, IconDownload, IconFile, IconFolder, IconLink, IconPencil, IconTrash } from '@tabler/icons-react';
import type { FileEntry } from '../api/paths.ts';
import type { FileQuestion } from './FileDialog.tsx';
import classes from './Files.module.css';
import { contentPath, type FilePlace, sizeOf } from './file-paths.ts';

interface FileRowProps {
  entry: FileEntry;
  path: string;
  place: FilePlace;
  onOpen(path: string): void;
  onAsk(question: FileQuestion): void;
}

const icons = { folder: IconFolder, file: IconFile, link: IconLink, other: IconFile } as const;

export function FileRow({ entry, path, place, onOpen, onAsk }: FileRowProps) {
  const { name, kind, bytes, mode, modifiedAt } = entry;
  const Icon = icons[kind];
  const { rules, isArranged } = place;
  const content = contentPath(place, path);
  const changed = `changed ${formatTime(new Date(modifiedAt))}`;
  return (
    <li className={classes.row}>
      <Icon size={18} stroke={1.6} aria-hidden="true" />
      {kind === 'folder' || kind === 'link' ? (
        <button type="button" className={classes.name} onClick={() => onOpen(path)}>
          {name}
        </button>
      ) : rules.download && kind === 'file' ? (
        <a className={classes.name} href={content} download={name}>
          {name}
        </a>
      ) : (
        <span className={classes.name}>{name}</span>
      )}
      <span className={classes.about} title={isArranged ? `${rightsOf(mode)}, ${changed}` : changed}>
        {kind === 'file' ? sizeOf(bytes) : ''}
      </span>
      {isArranged ? (
        <Menu width={180}>
          <Menu.Target>
            <ActionIcon aria-label={`What to do with ${name}`}>
              <IconDots size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {rules.download && kind === 'file' ? (
              <Menu.Item component="a" href={content} download={name} leftSection={<IconDownload size={15} />}>
                Fetch
              </Menu.Item>
            ) : null}
            {rules.upload ? (
              <>
                <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => onAsk({ act: 'rename', path })}>
                  Rename
                </Menu.Item>
                <Menu.Item
                  leftSection={<IconTrash size={15} />}
                  onClick={() => onAsk({ act: 'delete', path, isFolder: kind === 'folder' })}
                >
                  Delete
                </Menu.Item>
              </>
            ) : null}
            <Menu.Label>
              {rightsOf(mode)}, {formatTime(new Date(modifiedAt))}
            </Menu.Label>
          </Menu.Dropdown>
        </Menu>
      ) : null}
    </li>
  );
}

/** `rw-r--r--` */
const rightsOf = (mode: number): string =>
  [6, 3, 0]
    .flatMap((shift) => ['r', 'w', 'x'].map((letter, bit) => ((mode >> shift) & (4 >> bit) ? letter : '-')))
    .join('');
