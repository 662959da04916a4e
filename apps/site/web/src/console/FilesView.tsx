import { EmptyState, ErrorState, LoadingState, Notice, toast, useApi, useRefresh } from '@gatehouse/ui';
import { Button, FileButton, Group } from '@mantine/core';
import { IconFolderOff, IconFolderPlus, IconUpload } from '@tabler/icons-react';
import { type DragEvent, useState } from 'react';
import { paths } from '../api/paths.ts';
import { FileDialog, type FileQuestion } from './FileDialog.tsx';
import { FileRow } from './FileRow.tsx';
import classes from './Files.module.css';
import { contentPath, type FilePlace, joinPath, nameOf, wayOf } from './file-paths.ts';
import { Uploads, useUploads } from './Uploads.tsx';

interface FilesViewProps {
  place: FilePlace;
  /** Empty: where people begin. */
  path: string;
  onPath(path: string): void;
}

/** One folder, and everything that the rules of the session allow to do with it. */
export function FilesView({ place, path, onPath }: FilesViewProps) {
  const { api, rules, isArranged } = place;
  const isForbidden = !rules.upload && !rules.download;
  const list = useApi(paths.files(api, path), { enabled: !isForbidden, once: true });
  const refresh = useRefresh();
  const again = () => void refresh(api);
  const uploads = useUploads(again);
  const upload = (path: string, file: File, replace: boolean) =>
    uploads.send(contentPath(place, path, replace), nameOf(path), file);
  const [question, setQuestion] = useState<FileQuestion | null>(null);
  const [isOver, setOver] = useState(false);
  if (isForbidden)
    return (
      <EmptyState icon={<IconFolderOff size={28} stroke={1.5} />} title="Files may not be moved in this session">
        Its session policy allows neither sending nor fetching files. An administrator of this site can change that.
      </EmptyState>
    );
  if (list.data === undefined)
    return list.error === null ? (
      <LoadingState rows={6} />
    ) : (
      <>
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
        {path === '' ? null : (
          <Button variant="default" onClick={() => onPath('')}>
            Back to the beginning
          </Button>
        )}
      </>
    );
  const here = list.data.path;
  const send = (files: readonly File[]) => {
    const known = new Set(list.data.entries.map(({ name }) => name));
    for (const file of files) {
      if (known.has(file.name)) setQuestion({ act: 'replace', path: joinPath(here, file.name), file });
      else upload(joinPath(here, file.name), file, false);
    }
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (!rules.upload) return toast.failed(new Error('Files may not be sent in this session.'));
    send([...event.dataTransfer.files]);
  };
  return (
    <section
      aria-label="Folder"
      className={classes.folder}
      data-over={isOver ? 'true' : undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <nav aria-label="Path" className={classes.way}>
        {wayOf(here).map(({ name, path: to }, index, all) =>
          index === all.length - 1 ? (
            <span key={to} aria-current="location">
              {name}
            </span>
          ) : (
            <button type="button" key={to} onClick={() => onPath(to)}>
              {name}
            </button>
          ),
        )}
      </nav>
      <Group gap="xs">
        {rules.upload ? (
          <>
            <FileButton multiple onChange={send}>
              {(props) => (
                <Button {...props} size="compact-sm" leftSection={<IconUpload size={15} />}>
                  Send files
                </Button>
              )}
            </FileButton>
            {isArranged ? (
              <Button
                size="compact-sm"
                variant="default"
                leftSection={<IconFolderPlus size={15} />}
                onClick={() => setQuestion({ act: 'folder', path: here })}
              >
                New folder
              </Button>
            ) : null}
          </>
        ) : (
          <span className={classes.note}>Files may be fetched, and not sent: so says the session policy.</span>
        )}
        {rules.download ? null : (
          <span className={classes.note}>Files may be sent, and not fetched: so says the session policy.</span>
        )}
      </Group>
      <Uploads uploads={uploads} />
      {list.data.entries.length === 0 ? (
        <EmptyState title="This folder is empty">{rules.upload ? 'Drop files here to send them.' : null}</EmptyState>
      ) : (
        <ul className={classes.list} aria-label="Files">
          {list.data.entries.map((entry) => (
            <FileRow
              key={entry.name}
              entry={entry}
              path={joinPath(here, entry.name)}
              place={place}
              onOpen={onPath}
              onAsk={setQuestion}
            />
          ))}
        </ul>
      )}
      {list.data.truncated ? (
        <Notice tone="low">There are more than 5,000 entries; these are the first. The terminal shows the rest.</Notice>
      ) : null}
      <FileDialog
        place={place}
        question={question}
        onClose={() => setQuestion(null)}
        onReplace={(to, file) => upload(to, file, true)}
        onDone={again}
      />
    </section>
  );
}
